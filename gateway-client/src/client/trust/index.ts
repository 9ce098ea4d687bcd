export { withConfigurations, withoutRoot, withRoot } from './changes.js';
export { channelOf, movedForward, type TrustedChannel } from './channel.js';
export {
  endorsersIn,
  endorsingOrganisation,
  type Endorsers,
  type EndorsingOrganisation,
  type NodeUnit,
} from './endorsers.js';
export { trustFingerprint } from './fingerprint.js';
export { trustedRoots, trustText, TRUST_TYPE, type Trust, type TrustedRoot, type Validity } from './trust.js';
export { readTrustFile, writeTrustFile } from './trustFile.js';
export { inForce } from './validity.js';
