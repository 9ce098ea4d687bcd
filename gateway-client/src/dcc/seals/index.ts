/** Signatures of certificate files: XML signatures and XAdES. */
export {
  SEAL_STEPS,
  type Seal,
  type SealedCertificate,
  type SealState,
  type SealStep,
  type SealTrust,
} from './seal.js';
export { verifySeal } from './verify.js';
