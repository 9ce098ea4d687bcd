/** Functions that need libxml2: canonical forms and schemas. */
export { CANONICAL_FORMS, canonicalFormOf, type CanonicalForm } from './canonical.js';
export { loadLibxml, OpenDocument, withDocument, type Canonicalisation } from './document.js';
