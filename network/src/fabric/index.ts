export { FabricError, type FabricErrorCode } from './errors.js';
export { checkDocker, dockerStatus, resetDocker, startDocker, stopDocker, type DockerOptions } from './docker.js';
export { composeFile } from './dockerCompose.js';
export { stageChaincode } from './dockerImage.js';
export { DockerLayout } from './dockerLayout.js';
export { nativeStatus, resetNative, startNative, stopNative } from './native.js';
export type { FabricNetwork, NativeOptions, NativeStatus, NodeProcess, ProcessStatus } from './network.js';
export { findBinaries, type FabricBinaries } from './binaries.js';
export { writeBuilder } from './ccaasBuilder.js';
