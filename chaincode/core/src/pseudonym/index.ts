export { newPseudonym, PSEUDONYM_FILE_TYPE, PSEUDONYM_KINDS, pseudonymFileShape, readPseudonymFile } from './file.js';
export type { PseudonymFile, PseudonymKind, PseudonymSpec } from './file.js';
export { leadsTo, LEAVES, PATH_LENGTH, placeOf } from './leaves.js';
export type { OpenedFact, SaltedFact } from './leaves.js';
export { MAX_OPENING_CHARACTERS, OPENING_TYPE, openingOf, openingShape, unverifiedOpening } from './opening.js';
export type { Opening, OpeningSpec, SignedOpening } from './opening.js';
export { openPseudonym } from './openPseudonym.js';
export type { OpenedPseudonym, OpeningAsked } from './openPseudonym.js';
