import { acceptance } from './acceptance.js';
import { amendment } from './amendment.js';
import type { Check } from './check.js';
import { chronology } from './chronology.js';
import { deviceCertified } from './deviceCertified.js';
import { digest } from './digest.js';
import { identity } from './identity.js';
import { interval } from './interval.js';
import { organisationCertified } from './organisationCertified.js';
import { issuer } from './issuer.js';
import { parentSignature } from './parentSignature.js';
import { parentStandard } from './parentStandard.js';
import { quantity } from './quantity.js';
import { results } from './results.js';
import { scopeOfUse } from './scope.js';
import { selfCalibration } from './selfCalibration.js';
import { signatories } from './signatories.js';
import { standing } from './standing.js';
import { technicianAuthorised } from './technicianAuthorised.js';
import { technicianCertified } from './technicianCertified.js';
import { technicianSignature } from './technicianSignature.js';
import { transcription } from './transcription.js';

export type * from './check.js';
export { certifiedUpToInstitute } from './organisationCertified.js';

/** What was signed, and who signed it. */
const signed: readonly Check[] = [
  identity,
  digest,
  amendment,
  acceptance,
  signatories,
  technicianSignature,
  parentSignature,
];

/** Who certified the signers: the technician by the organisation, the organisation up to the root. */
const certified: readonly Check[] = [
  technicianCertified,
  technicianAuthorised,
  organisationCertified,
  issuer,
  deviceCertified,
  parentStandard,
];

/** Whether it is still valid. */
const stands: readonly Check[] = [standing];

/** Whether it is sound metrology. */
const metrology: readonly Check[] = [
  chronology,
  transcription,
  interval,
  selfCalibration,
  quantity,
  scopeOfUse,
  results,
];

/** Every check, in the order of the paper's algorithm, which is that of the findings. */
export const checks: readonly Check[] = [...signed, ...certified, ...stands, ...metrology];
