export { accessFromBlock } from './access.js';
export { readConfigBlock, type ConfigBlock } from './configBlock.js';
export { BlockError, type BlockErrorCode } from './errors.js';
export { dataHash, headerBytes, headerHash } from './hashes.js';
