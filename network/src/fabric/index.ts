export { FabricError, type FabricErrorCode } from './errors.js';
export { nativeStatus, resetNative, startNative, stopNative } from './native.js';
export type { NativeNetwork, NativeOptions, NativeStatus, NodeProcess } from './network.js';
export { findBinaries, type FabricBinaries } from './binaries.js';
export { writeBuilder } from './ccaasBuilder.js';
