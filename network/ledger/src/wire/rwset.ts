import { bool, bytes, inner, int32, oneOf, repeated, repeatedInner, string, uint32, uint64 } from './fields.js';
import { message, type Message } from './message.js';

export interface Version {
  readonly blockNum: number;
  readonly txNum: number;
}
export const Version: Message<Version> = message<Version>({ blockNum: uint64(1), txNum: uint64(2) });

export interface KvRead {
  readonly key: string;
  readonly version: Version | undefined;
}
export const KvRead: Message<KvRead> = message<KvRead>({ key: string(1), version: inner(2, () => Version) });

export interface KvWrite {
  readonly key: string;
  readonly isDelete: boolean;
  readonly value: Uint8Array;
}
export const KvWrite: Message<KvWrite> = message<KvWrite>({ key: string(1), isDelete: bool(2), value: bytes(3) });

export interface KvMetadataEntry {
  readonly name: string;
  readonly value: Uint8Array;
}
export const KvMetadataEntry: Message<KvMetadataEntry> = message<KvMetadataEntry>({ name: string(1), value: bytes(2) });

export interface KvMetadataWrite {
  readonly key: string;
  readonly entries: readonly KvMetadataEntry[];
}
export const KvMetadataWrite: Message<KvMetadataWrite> = message<KvMetadataWrite>({
  key: string(1),
  entries: repeatedInner(2, () => KvMetadataEntry),
});

export interface QueryReads {
  readonly kvReads: readonly KvRead[];
}
export const QueryReads: Message<QueryReads> = message<QueryReads>({ kvReads: repeatedInner(1, () => KvRead) });

export interface QueryReadsMerkleSummary {
  readonly maxDegree: number;
  readonly maxLevel: number;
  readonly maxLevelHashes: readonly Uint8Array[];
}
export const QueryReadsMerkleSummary: Message<QueryReadsMerkleSummary> = message<QueryReadsMerkleSummary>({
  maxDegree: uint32(1),
  maxLevel: uint32(2),
  maxLevelHashes: repeated(bytes(3)),
});

export interface RangeQueryInfo {
  readonly startKey: string;
  readonly endKey: string;
  readonly itrExhausted: boolean;
  readonly rawReads: QueryReads | undefined;
  readonly readsMerkleHashes: QueryReadsMerkleSummary | undefined;
}
export const RangeQueryInfo: Message<RangeQueryInfo> = message<RangeQueryInfo>({
  startKey: string(1),
  endKey: string(2),
  itrExhausted: bool(3),
  rawReads: oneOf(
    'reads_info',
    inner(4, () => QueryReads),
  ),
  readsMerkleHashes: oneOf(
    'reads_info',
    inner(5, () => QueryReadsMerkleSummary),
  ),
});

export interface KvRwSet {
  readonly reads: readonly KvRead[];
  readonly rangeQueriesInfo: readonly RangeQueryInfo[];
  readonly writes: readonly KvWrite[];
  readonly metadataWrites: readonly KvMetadataWrite[];
}
export const KvRwSet: Message<KvRwSet> = message<KvRwSet>({
  reads: repeatedInner(1, () => KvRead),
  rangeQueriesInfo: repeatedInner(2, () => RangeQueryInfo),
  writes: repeatedInner(3, () => KvWrite),
  metadataWrites: repeatedInner(4, () => KvMetadataWrite),
});

export interface KvReadHash {
  readonly keyHash: Uint8Array;
  readonly version: Version | undefined;
}
export const KvReadHash: Message<KvReadHash> = message<KvReadHash>({
  keyHash: bytes(1),
  version: inner(2, () => Version),
});

export interface KvWriteHash {
  readonly keyHash: Uint8Array;
  readonly isDelete: boolean;
  readonly valueHash: Uint8Array;
  readonly isPurge: boolean;
}
export const KvWriteHash: Message<KvWriteHash> = message<KvWriteHash>({
  keyHash: bytes(1),
  isDelete: bool(2),
  valueHash: bytes(3),
  isPurge: bool(4),
});

export interface KvMetadataWriteHash {
  readonly keyHash: Uint8Array;
  readonly entries: readonly KvMetadataEntry[];
}
export const KvMetadataWriteHash: Message<KvMetadataWriteHash> = message<KvMetadataWriteHash>({
  keyHash: bytes(1),
  entries: repeatedInner(2, () => KvMetadataEntry),
});

export interface HashedRwSet {
  readonly hashedReads: readonly KvReadHash[];
  readonly hashedWrites: readonly KvWriteHash[];
  readonly metadataWrites: readonly KvMetadataWriteHash[];
}
export const HashedRwSet: Message<HashedRwSet> = message<HashedRwSet>({
  hashedReads: repeatedInner(1, () => KvReadHash),
  hashedWrites: repeatedInner(2, () => KvWriteHash),
  metadataWrites: repeatedInner(3, () => KvMetadataWriteHash),
});

export interface CollectionHashedReadWriteSet {
  readonly collectionName: string;
  readonly hashedRwset: Uint8Array;
  readonly pvtRwsetHash: Uint8Array;
}
export const CollectionHashedReadWriteSet: Message<CollectionHashedReadWriteSet> =
  message<CollectionHashedReadWriteSet>({
    collectionName: string(1),
    hashedRwset: bytes(2),
    pvtRwsetHash: bytes(3),
  });

export interface NsReadWriteSet {
  readonly namespace: string;
  readonly rwset: Uint8Array;
  readonly collectionHashedRwset: readonly CollectionHashedReadWriteSet[];
}
export const NsReadWriteSet: Message<NsReadWriteSet> = message<NsReadWriteSet>({
  namespace: string(1),
  rwset: bytes(2),
  collectionHashedRwset: repeatedInner(3, () => CollectionHashedReadWriteSet),
});

export interface TxReadWriteSet {
  readonly dataModel: number;
  readonly nsRwset: readonly NsReadWriteSet[];
}
export const TxReadWriteSet: Message<TxReadWriteSet> = message<TxReadWriteSet>({
  dataModel: int32(1),
  nsRwset: repeatedInner(2, () => NsReadWriteSet),
});

/** Fabric's `txmgr.KVWrite`: the input of a block's commit hash. */
export interface StateUpdate {
  readonly namespace: string;
  readonly collection: string;
  readonly key: Uint8Array;
  readonly isDelete: boolean;
  readonly value: Uint8Array;
  readonly version: Uint8Array;
}
export const StateUpdate: Message<StateUpdate> = message<StateUpdate>({
  namespace: string(1),
  collection: string(2),
  key: bytes(3),
  isDelete: bool(4),
  value: bytes(5),
  version: bytes(6),
});

export interface StateUpdates {
  readonly kvWrites: readonly StateUpdate[];
}
export const StateUpdates: Message<StateUpdates> = message<StateUpdates>({
  kvWrites: repeatedInner(1, () => StateUpdate),
});

/** The private writes of a transaction; its public part contains only their hashes. */
export interface CollectionPvtReadWriteSet {
  readonly collectionName: string;
  readonly rwset: Uint8Array;
}
export const CollectionPvtReadWriteSet: Message<CollectionPvtReadWriteSet> = message<CollectionPvtReadWriteSet>({
  collectionName: string(1),
  rwset: bytes(2),
});

export interface NsPvtReadWriteSet {
  readonly namespace: string;
  readonly collectionPvtRwset: readonly CollectionPvtReadWriteSet[];
}
export const NsPvtReadWriteSet: Message<NsPvtReadWriteSet> = message<NsPvtReadWriteSet>({
  namespace: string(1),
  collectionPvtRwset: repeatedInner(2, () => CollectionPvtReadWriteSet),
});

export interface TxPvtReadWriteSet {
  readonly dataModel: number;
  readonly nsPvtRwset: readonly NsPvtReadWriteSet[];
}
export const TxPvtReadWriteSet: Message<TxPvtReadWriteSet> = message<TxPvtReadWriteSet>({
  dataModel: int32(1),
  nsPvtRwset: repeatedInner(2, () => NsPvtReadWriteSet),
});
