export { accessFromBlock } from './access.js';
export { readConfigBlock, type ConfigBlock } from './configBlock.js';
export { checkData } from './data.js';
export { BlockError, type BlockErrorCode } from './errors.js';
export { dataHash, headerBytes, headerHash } from './hashes.js';
export { blockValidation, readConsenters, readOrderers, type Orderers } from './orderers.js';
export { checkQuorum, signedBytes, type Attested, type BlockSigner } from './signatures.js';
export {
  checkFollows,
  nextConfig,
  trustConfigBlock,
  verifyBlock,
  type TrustedConfig,
  type VerifiedBlock,
} from './verify.js';
