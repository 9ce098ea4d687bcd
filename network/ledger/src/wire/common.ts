import { bytes, inner, int32, int64, mapOf, repeated, repeatedInner, string, uint32, uint64 } from './fields.js';
import { ConfigGroup } from './configGroup.js';
import { message, type Message } from './message.js';
import { MspPrincipal } from './msp.js';
import { SignaturePolicy } from './signaturePolicy.js';

/** `common.BlockMetadataIndex`: the position of each item in a block's metadata. */
export const METADATA = { signatures: 0, lastConfig: 1, transactionsFilter: 2, orderer: 3, commitHash: 4 } as const;
export const METADATA_KINDS = Object.keys(METADATA).length;

/** `common.HeaderType`, limited to the types of envelopes in blocks. */
export const HEADER_TYPE = { config: 1, configUpdate: 2, endorserTransaction: 3 } as const;

export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}
export const Timestamp: Message<Timestamp> = message<Timestamp>({ seconds: int64(1), nanos: int32(2) });

export interface BlockHeader {
  readonly number: number;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
}
export const BlockHeader: Message<BlockHeader> = message<BlockHeader>({
  number: uint64(1),
  previousHash: bytes(2),
  dataHash: bytes(3),
});

export interface BlockData {
  readonly data: readonly Uint8Array[];
}
export const BlockData: Message<BlockData> = message<BlockData>({ data: repeated(bytes(1)) });

export interface BlockMetadata {
  readonly metadata: readonly Uint8Array[];
}
export const BlockMetadata: Message<BlockMetadata> = message<BlockMetadata>({ metadata: repeated(bytes(1)) });

export interface Block {
  readonly header: BlockHeader | undefined;
  readonly data: BlockData | undefined;
  readonly metadata: BlockMetadata | undefined;
}
export const Block: Message<Block> = message<Block>({
  header: inner(1, () => BlockHeader),
  data: inner(2, () => BlockData),
  metadata: inner(3, () => BlockMetadata),
});

export interface Envelope {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}
export const Envelope: Message<Envelope> = message<Envelope>({ payload: bytes(1), signature: bytes(2) });

export interface Header {
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
}
export const Header: Message<Header> = message<Header>({ channelHeader: bytes(1), signatureHeader: bytes(2) });

export interface Payload {
  readonly header: Header | undefined;
  readonly data: Uint8Array;
}
export const Payload: Message<Payload> = message<Payload>({ header: inner(1, () => Header), data: bytes(2) });

export interface ChannelHeader {
  readonly type: number;
  readonly version: number;
  readonly timestamp: Timestamp | undefined;
  readonly channelId: string;
  readonly txId: string;
  readonly epoch: number;
  readonly extension: Uint8Array;
  readonly tlsCertHash: Uint8Array;
}
export const ChannelHeader: Message<ChannelHeader> = message<ChannelHeader>({
  type: int32(1),
  version: int32(2),
  timestamp: inner(3, () => Timestamp),
  channelId: string(4),
  txId: string(5),
  epoch: uint64(6),
  extension: bytes(7),
  tlsCertHash: bytes(8),
});

/** The part of a {@link ChannelHeader} that decides where an envelope belongs, without the parts that its sender is free to choose. */
export interface Destination {
  readonly type: number;
  readonly channelId: string;
}
export const Destination: Message<Destination> = message<Destination>({ type: int32(1), channelId: string(4) });

export interface SignatureHeader {
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
}
export const SignatureHeader: Message<SignatureHeader> = message<SignatureHeader>({
  creator: bytes(1),
  nonce: bytes(2),
});

export interface MetadataSignature {
  readonly signatureHeader: Uint8Array;
  readonly signature: Uint8Array;
  readonly identifierHeader: Uint8Array;
}
export const MetadataSignature: Message<MetadataSignature> = message<MetadataSignature>({
  signatureHeader: bytes(1),
  signature: bytes(2),
  identifierHeader: bytes(3),
});

export interface Metadata {
  readonly value: Uint8Array;
  readonly signatures: readonly MetadataSignature[];
}
export const Metadata: Message<Metadata> = message<Metadata>({
  value: bytes(1),
  signatures: repeatedInner(2, () => MetadataSignature),
});

export interface IdentifierHeader {
  readonly identifier: number;
  readonly nonce: Uint8Array;
}
export const IdentifierHeader: Message<IdentifierHeader> = message<IdentifierHeader>({
  identifier: uint32(1),
  nonce: bytes(2),
});

export interface LastConfig {
  readonly index: number;
}
export const LastConfig: Message<LastConfig> = message<LastConfig>({ index: uint64(1) });

export interface OrdererBlockMetadata {
  readonly lastConfig: LastConfig | undefined;
  readonly consenterMetadata: Uint8Array;
}
export const OrdererBlockMetadata: Message<OrdererBlockMetadata> = message<OrdererBlockMetadata>({
  lastConfig: inner(1, () => LastConfig),
  consenterMetadata: bytes(2),
});

export interface ImplicitMetaPolicy {
  readonly subPolicy: string;
  readonly rule: number;
}
export const ImplicitMetaPolicy: Message<ImplicitMetaPolicy> = message<ImplicitMetaPolicy>({
  subPolicy: string(1),
  rule: int32(2),
});
export interface SignaturePolicyEnvelope {
  readonly version: number;
  readonly rule: SignaturePolicy | undefined;
  readonly identities: readonly MspPrincipal[];
}
export const SignaturePolicyEnvelope: Message<SignaturePolicyEnvelope> = message<SignaturePolicyEnvelope>({
  version: int32(1),
  rule: inner(2, () => SignaturePolicy),
  identities: repeatedInner(3, () => MspPrincipal),
});

/** `common.Policy.PolicyType` and `common.ImplicitMetaPolicy.Rule`. */
export const POLICY_TYPE = { signature: 1, implicitMeta: 3 } as const;
export const META_RULE = { any: 0, all: 1, majority: 2 } as const;

export interface Config {
  readonly sequence: number;
  readonly channelGroup: ConfigGroup | undefined;
}
export const Config: Message<Config> = message<Config>({
  sequence: uint64(1),
  channelGroup: inner(2, () => ConfigGroup),
});

/** The configuration and the update that produced it, each as the original bytes. */
export interface ConfigEnvelope {
  readonly config: Uint8Array;
  readonly lastUpdate: Uint8Array;
}
export const ConfigEnvelope: Message<ConfigEnvelope> = message<ConfigEnvelope>({
  config: bytes(1),
  lastUpdate: bytes(2),
});

export interface ConfigUpdate {
  readonly channelId: string;
  readonly readSet: ConfigGroup | undefined;
  readonly writeSet: ConfigGroup | undefined;
}
export const ConfigUpdate: Message<ConfigUpdate> = message<ConfigUpdate>({
  channelId: string(1),
  readSet: inner(2, () => ConfigGroup),
  writeSet: inner(3, () => ConfigGroup),
});

export interface ConfigSignature {
  readonly signatureHeader: Uint8Array;
  readonly signature: Uint8Array;
}
export const ConfigSignature: Message<ConfigSignature> = message<ConfigSignature>({
  signatureHeader: bytes(1),
  signature: bytes(2),
});

export interface ConfigUpdateEnvelope {
  readonly configUpdate: Uint8Array;
  readonly signatures: readonly ConfigSignature[];
}
export const ConfigUpdateEnvelope: Message<ConfigUpdateEnvelope> = message<ConfigUpdateEnvelope>({
  configUpdate: bytes(1),
  signatures: repeatedInner(2, () => ConfigSignature),
});

/** A message without content; only its presence counts. */
export const Capability: Message<object> = message({});

export interface Capabilities {
  readonly capabilities: ReadonlyMap<string, object>;
}
export const Capabilities: Message<Capabilities> = message<Capabilities>({ capabilities: mapOf(1, () => Capability) });

export interface Consenter {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly mspId: string;
  readonly identity: Uint8Array;
  readonly clientTlsCert: Uint8Array;
  readonly serverTlsCert: Uint8Array;
}
export const Consenter: Message<Consenter> = message<Consenter>({
  id: uint32(1),
  host: string(2),
  port: uint32(3),
  mspId: string(4),
  identity: bytes(5),
  clientTlsCert: bytes(6),
  serverTlsCert: bytes(7),
});

export interface Orderers {
  readonly consenterMapping: readonly Consenter[];
}
export const Orderers: Message<Orderers> = message<Orderers>({ consenterMapping: repeatedInner(1, () => Consenter) });
