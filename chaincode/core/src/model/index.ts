export * from './bounds.js';
export * from './canonical.js';
export * from './cmc.js';
export * from './cmcSchema.js';
export { PUBLISHED_CONSTANTS, publishedConstant } from './constants.js';
export type { PublishedConstant } from './constants.js';
export * from './entries.js';
export * from './errors.js';
export * from './frozen.js';
export * from './identifiers.js';
export { EXACT_RELATIONS, exactRelation, relatedKind } from './exactRelations.js';
export type { Estimate, ExactRelation, RelatedKind } from './exactRelations.js';
export * from './json.js';
export { isKindName, kindNameFrom } from './kindNames.js';
export {
  differenceKind,
  dimensionOfKind,
  fitsUnit,
  isCanonicalKind,
  kindNamed,
  KINDS,
  kindsOfUnit,
  scaleOf,
  valuesOf,
} from './kinds.js';
export type { QuantityKind } from './kinds.js';
export type { KcdbPlace, Scale, Values } from './kindTable/index.js';
export { log10, tenTo } from './logarithm.js';
export * from './legalNames.js';
export * from './memo.js';
export { proposeKind } from './proposeKind.js';
export type { KindEvidence, KindProposal } from './proposeKind.js';
export * from './quantityValues.js';
export * from './records.js';
export * from './reportSize.js';
export * from './requirements.js';
export * from './results.js';
export * from './resultSchema.js';
export * from './schemas.js';
export { finite, identifier, instant, organisationId, ownedId, text } from './shapes.js';
export * from './statements.js';
export * from './text.js';
export * from './time.js';
export * from './unitText.js';
export * from './units.js';
