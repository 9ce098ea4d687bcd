import { amendment } from './amendment.js';
import type { Check } from './check.js';
import { chronology } from './chronology.js';
import { deviceCertified } from './deviceCertified.js';
import { digest } from './digest.js';
import { identity } from './identity.js';
import { interval } from './interval.js';
import { organisationCertified } from './organisationCertified.js';
import { parentSignature } from './parentSignature.js';
import { parentStandard } from './parentStandard.js';
import { quantity } from './quantity.js';
import { range } from './range.js';
import { root } from './root.js';
import { scope } from './scope.js';
import { signatories } from './signatories.js';
import { standing } from './standing.js';
import { technicianAuthorised } from './technicianAuthorised.js';
import { technicianCertified } from './technicianCertified.js';
import { technicianSignature } from './technicianSignature.js';
import { uncertainty } from './uncertainty.js';

export type * from './check.js';
export { imprinted } from './deviceCertified.js';
export { certifiedUpToNmi } from './organisationCertified.js';
export { certifiedBy } from './technicianCertified.js';

/** Every check, in the order in which its findings appear: what was signed, who signed, whether it still holds, metrology. */
export const checks: readonly Check[] = [
  identity,
  digest,
  amendment,
  signatories,
  technicianSignature,
  parentSignature,
  technicianCertified,
  technicianAuthorised,
  organisationCertified,
  deviceCertified,
  parentStandard,
  root,
  standing,
  chronology,
  interval,
  scope,
  quantity,
  range,
  uncertainty,
];
