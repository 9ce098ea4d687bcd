export { Orderer, type BroadcastResult } from './orderer.js';
