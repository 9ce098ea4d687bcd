export { AdminError, type AdminErrorCode } from './errors.js';
export { Signer } from './signer.js';
export { NodeConnection, type NodeAddress } from './node.js';
export {
  joinOrderer,
  listOrdererChannels,
  ordererChannel,
  removeOrderer,
  type ChannelParticipation,
  type OrdererAdmin,
} from './participation.js';
export { joinPeer, joinPeerFromSnapshot, listPeerChannels } from './peerJoin.js';
export { pendingSnapshots, requestSnapshot } from './snapshot.js';
export { packageService, type ChaincodePackage, type ChaincodeService } from './package.js';
export {
  approvedPackage,
  approveDefinition,
  commitDefinition,
  commitReadiness,
  committedDefinition,
  installPackage,
  listDefinitions,
  listInstalled,
  type ChaincodeDefinition,
  type CommittedDefinition,
  type InstalledPackage,
} from './lifecycle.js';
export type { TransactionRoute } from './transaction.js';
export { discoverChaincode, type ChaincodeDiscovery } from './discovery.js';
export { channelBlock } from './channelBlock.js';
export { channelConfig } from './channelConfig.js';
export { orderedConfig } from './orderedConfig.js';
export { submitThrough } from './submit.js';
export { channelHeight } from './channelHeight.js';
export { peerClockAhead } from './peerClock.js';
export { agreeOnUpdate, type AgreedUpdate } from './consent.js';
export { changeChannel, configReached, type ChannelChange, type Witness } from './membership.js';
