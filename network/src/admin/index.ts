export { AdminError, type AdminErrorCode } from './errors.js';
export { readIdentity, SigningIdentity } from './identity.js';
export { NodeConnection, type NodeAddress, type TlsKeyPair } from './node.js';
export {
  joinOrderer,
  listOrdererChannels,
  ordererChannel,
  removeOrderer,
  type ChannelParticipation,
  type OrdererAdmin,
} from './participation.js';
export { joinPeer, listPeerChannels } from './peerJoin.js';
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
