export { anchorOf, type AnchoredStatements } from './anchor.js';
export { certificateDigest } from './certificateDigest.js';
export type { AnchorProof, Item } from './item.js';
export { newStatement, type StatementDraft } from './newStatement.js';
export { readStatement, statementDigest } from './readStatement.js';
export { addSignature, signStatement } from './sign.js';
export { missingSignatories } from './signatories.js';
