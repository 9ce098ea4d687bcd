export { Consenters } from './consenters.js';
export { Orderer, type BroadcastResult } from './orderer.js';
