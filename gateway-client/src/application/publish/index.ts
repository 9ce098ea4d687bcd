export { publishProofs } from './publishProofs.js';
export type { Publication, Published, PublishedBundle } from './publishProofs.js';
export { verifyingPage } from './verifyingPage.js';
