export { FabricError, type FabricErrorCode } from './common/errors.js';
export {
  checkDocker,
  dockerPorts,
  dockerState,
  resetDocker,
  startDocker,
  stopDocker,
  type DockerOptions,
} from './docker/docker.js';
export { composeFile } from './docker/compose.js';
export { stageChaincode } from './docker/image.js';
export { DockerLayout, IN_CONTAINER } from './docker/layout.js';
export {
  nativePorts,
  nativeState,
  resetNative,
  startMember,
  startNative,
  stopNative,
  type MemberOptions,
} from './native/native.js';
export { adoptDescription, type Adoption } from './common/adoptDescription.js';
export { memberCompose, type InContainers } from './deploy/compose.js';
export { deploymentOf, type Deployment } from './deploy/deployment.js';
export { prepareOwnChaincodes } from './deploy/ownChaincodes.js';
export { systemdFiles, type OnMachine } from './deploy/systemd.js';
export { deployMember, type DeployOptions } from './deploy/deploy.js';
export { joinMember, type JoinOptions } from './deploy/join.js';
export { memberStatus, type MemberStatus } from './common/memberStatus.js';
export { MemberNetwork } from './common/memberNetwork.js';
export type { FabricNetwork, NativeOptions, NetworkState, NodeProcess } from './common/network.js';
export { ordererConfig } from './common/configuration/ordererConfig.js';
export { peerConfig } from './common/configuration/peerConfig.js';
export { ApprovalWindow, type SetApproving } from './common/chaincodes/approvalWindow.js';
export { findBinaries, type FabricBinaries } from './native/binaries.js';
export { place, settlePlacement, type OperationsPlace, type Placement } from './common/places/placement.js';
export { checkPort } from './common/places/portCheck.js';
export { freePorts } from '../system/ports.js';
export { Stragglers } from './common/nodes/stragglers.js';
export { RestartDelay } from '../system/restartDelay.js';
export { writeBuilder } from './common/configuration/ccaasBuilder.js';
