export { compareBytes, concatenate, keyOf, NO_BYTES, sameBytes } from './bytes.js';
export {
  Block,
  BlockHeader,
  Capabilities,
  ChannelHeader,
  Config,
  ConfigEnvelope,
  ConfigUpdate,
  ConfigUpdateEnvelope,
  Consenter,
  Destination,
  Envelope,
  HEADER_TYPE,
  IdentifierHeader,
  ImplicitMetaPolicy,
  LastConfig,
  META_RULE,
  METADATA,
  Metadata,
  METADATA_KINDS,
  MetadataSignature,
  OrdererBlockMetadata,
  Orderers,
  Payload,
  POLICY_TYPE,
  SignatureHeader,
  SignaturePolicyEnvelope,
} from './common.js';
export { ConfigGroup, ConfigPolicy, ConfigValue, Policy } from './configGroup.js';
export { SignaturePolicy, type NOutOf } from './signaturePolicy.js';
export type { BlockData, BlockMetadata, Header, Timestamp } from './common.js';
export { WireError } from './error.js';
export {
  ChaincodeEndorsementInfo,
  ChaincodeValidationInfo,
  CollectionConfigPackage,
  StateData,
  StaticCollectionConfig,
} from './lifecycle.js';
export type { CollectionConfig, CollectionPolicyConfig } from './lifecycle.js';
export type { Message } from './message.js';
export {
  CombinedPrincipal,
  FabricMspConfig,
  MSP_ROLE,
  MspConfig,
  MspIdentityAnonymity,
  MspPrincipal,
  MspRole,
  NodeOus,
  OrganizationUnit,
  PRINCIPAL,
  SerializedIdentity,
} from './msp.js';
export type { OuIdentifier } from './msp.js';
export { BatchSize, BatchTimeout, ConsensusType, ViewMetadata } from './orderer.js';
export {
  Acls,
  ApplicationPolicy,
  ChaincodeAction,
  ChaincodeActionPayload,
  ChaincodeEndorsedAction,
  ChaincodeEvent,
  ChaincodeHeaderExtension,
  ChaincodeInvocationSpec,
  ChaincodeProposalPayload,
  ProposalResponsePayload,
  Transaction,
  TX_CODE,
} from './peer.js';
export type { ApiResource, ChaincodeId, Endorsement, Response, TransactionAction } from './peer.js';
export {
  HashedRwSet,
  KvMetadataEntry,
  KvMetadataWrite,
  KvRead,
  KvRwSet,
  KvWrite,
  KvWriteHash,
  NsPvtReadWriteSet,
  NsReadWriteSet,
  QueryReads,
  QueryReadsMerkleSummary,
  RangeQueryInfo,
  StateUpdate,
  StateUpdates,
  TxPvtReadWriteSet,
  TxReadWriteSet,
  Version,
} from './rwset.js';
export type {
  CollectionHashedReadWriteSet,
  CollectionPvtReadWriteSet,
  KvMetadataWriteHash,
  KvReadHash,
} from './rwset.js';
export type { Writer } from './writer.js';
export type { Reader } from './reader.js';
export { quoted } from './quoted.js';
export { compareUtf8 } from './utf8Order.js';
