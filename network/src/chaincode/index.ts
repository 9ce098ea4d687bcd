export { environmentOf, type ChaincodeEnvironment } from './environment.js';
export { membersRunning, serviceName } from './members.js';
export {
  ChaincodeStartError,
  chaincodeDigest,
  filesOfManifest,
  packageDirectory,
  packageIdOf,
  shimCommand,
} from './package.js';
export { makeChaincodeTls, type ChaincodeTls, type Holder } from './tls.js';
