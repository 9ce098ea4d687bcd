import { sha256 } from '@tracecal/ledger/crypto';
import { RangeReads, readOf, toMessage, type Version } from '@tracecal/ledger/validation';
import {
  HashedRwSet,
  KvRwSet,
  NO_BYTES,
  TxPvtReadWriteSet,
  TxReadWriteSet,
  type KvMetadataEntry,
  type KvWrite,
  type NsPvtReadWriteSet,
  type NsReadWriteSet,
  type RangeQueryInfo,
} from '@tracecal/ledger/wire';
import { sortedEntries } from './keyOrder.js';

/** `rwset.TxReadWriteSet.DataModel.KV` */
const DATA_MODEL_KV = 0;

/** How far a range query was read, so that the phantom check repeats the same range. */
export interface RangeRecord {
  readonly start: string;
  end: string;
  exhausted: boolean;
  readonly reads: RangeReads;
}

interface NamespaceSets {
  readonly reads: Map<string, Version | undefined>;
  readonly writes: Map<string, KvWrite>;
  readonly metadataWrites: Map<string, readonly KvMetadataEntry[]>;
  readonly ranges: RangeRecord[];
  readonly collections: Map<string, CollectionSets>;
}

interface CollectionSets {
  readonly reads: Map<string, Version | undefined>;
  readonly writes: Map<string, PrivateWrite>;
  readonly metadataWrites: Map<string, readonly KvMetadataEntry[]>;
}

/** Without a value, the key is deleted; if purged, it is removed from earlier blocks' data too. */
interface PrivateWrite {
  readonly value: Uint8Array;
  readonly purge: boolean;
}

/** Collects the reads and writes of a simulation and serialises them exactly like a peer: endorsers must agree byte for byte. */
export class ReadWriteSetBuilder {
  readonly #namespaces = new Map<string, NamespaceSets>();

  read(namespace: string, key: string, version: Version | undefined): void {
    this.#namespace(namespace).reads.set(key, version);
  }

  range(namespace: string, start: string): RangeRecord {
    const record: RangeRecord = { start, end: '', exhausted: false, reads: new RangeReads() };
    this.#namespace(namespace).ranges.push(record);
    return record;
  }

  write(namespace: string, key: string, value: Uint8Array): void {
    this.#namespace(namespace).writes.set(key, stateWrite(key, value));
  }

  writeMetadata(namespace: string, key: string, metakey: string, value: Uint8Array): void {
    this.#namespace(namespace).metadataWrites.set(key, [{ name: metakey, value }]);
  }

  readPrivate(namespace: string, collection: string, key: string, version: Version | undefined): void {
    this.#collection(namespace, collection).reads.set(key, version);
  }

  writePrivate(namespace: string, collection: string, key: string, write: PrivateWrite): void {
    this.#collection(namespace, collection).writes.set(key, write);
  }

  writePrivateMetadata(namespace: string, collection: string, key: string, metakey: string, value: Uint8Array): void {
    this.#collection(namespace, collection).metadataWrites.set(key, [{ name: metakey, value }]);
  }

  /** Names of the namespaces that were read or written, in order. */
  namespaces(): string[] {
    return sortedEntries(this.#namespaces).map(([namespace]) => namespace);
  }

  /** A serialised `rwset.TxReadWriteSet`. */
  publicResults(): Uint8Array {
    const nsRwset = sortedEntries(this.#namespaces).map(([namespace, sets]) => ({
      namespace,
      rwset: serializeState(sets),
      collectionHashedRwset: sortedEntries(sets.collections).map(([name, written]) => hashedSet(name, written)),
    }));
    return TxReadWriteSet.encode({ dataModel: DATA_MODEL_KV, nsRwset });
  }

  /** A serialised `rwset.TxPvtReadWriteSet`, undefined when nothing private was written. */
  privateResults(): Uint8Array | undefined {
    const nsPvtRwset = sortedEntries(this.#namespaces).flatMap(([namespace, sets]) => {
      const written = sortedEntries(sets.collections).filter(([, collection]) => writesPrivately(collection));
      return written.length === 0 ? [] : [privateNamespace(namespace, written)];
    });
    return nsPvtRwset.length === 0 ? undefined : TxPvtReadWriteSet.encode({ dataModel: DATA_MODEL_KV, nsPvtRwset });
  }

  #namespace(name: string): NamespaceSets {
    return getOrMake(this.#namespaces, name, () => ({
      reads: new Map(),
      writes: new Map(),
      metadataWrites: new Map(),
      ranges: [],
      collections: new Map(),
    }));
  }

  #collection(namespace: string, name: string): CollectionSets {
    return getOrMake(this.#namespace(namespace).collections, name, () => ({
      reads: new Map(),
      writes: new Map(),
      metadataWrites: new Map(),
    }));
  }
}

function serializeState(sets: NamespaceSets): Uint8Array {
  return KvRwSet.encode({
    reads: sortedEntries(sets.reads).map(([key, version]) => readOf(key, version)),
    rangeQueriesInfo: distinctRanges(sets.ranges),
    writes: sortedEntries(sets.writes).map(([, write]) => write),
    metadataWrites: sortedEntries(sets.metadataWrites).map(([key, entries]) => ({ key, entries })),
  });
}

/** Merges repeated reads of the same range with the same end. */
function distinctRanges(ranges: readonly RangeRecord[]): RangeQueryInfo[] {
  const distinct = new Map<string, RangeQueryInfo>();
  for (const { start, end, exhausted, reads } of ranges) {
    const identity = JSON.stringify([start, end, exhausted]);
    if (!distinct.has(identity)) {
      distinct.set(identity, rangeInfo(start, end, exhausted, reads));
    }
  }
  return [...distinct.values()];
}

function rangeInfo(startKey: string, endKey: string, itrExhausted: boolean, reads: RangeReads): RangeQueryInfo {
  const result = reads.finish();
  const readsMerkleHashes = 'summary' in result ? result.summary : undefined;
  const rawReads = 'reads' in result && result.reads.length > 0 ? { kvReads: result.reads } : undefined;
  return { startKey, endKey, itrExhausted, rawReads, readsMerkleHashes };
}

function hashedSet(collectionName: string, sets: CollectionSets): HashedSet {
  const hashedRwset = HashedRwSet.encode({
    hashedReads: sortedEntries(sets.reads).map(([key, version]) => ({
      keyHash: hashOf(key),
      version: toMessage(version),
    })),
    hashedWrites: sortedEntries(sets.writes).map(([key, { value, purge }]) => ({
      keyHash: hashOf(key),
      isDelete: value.length === 0,
      valueHash: value.length === 0 ? NO_BYTES : sha256(value),
      isPurge: purge,
    })),
    metadataWrites: sortedEntries(sets.metadataWrites).map(([key, entries]) => ({ keyHash: hashOf(key), entries })),
  });
  const pvtRwsetHash = writesPrivately(sets) ? sha256(serializePrivateCollection(sets)) : NO_BYTES;
  return { collectionName, hashedRwset, pvtRwsetHash };
}

type HashedSet = NsReadWriteSet['collectionHashedRwset'][number];

function hashOf(key: string): Uint8Array {
  return sha256(Buffer.from(key));
}

function privateNamespace(namespace: string, collections: readonly [string, CollectionSets][]): NsPvtReadWriteSet {
  const collectionPvtRwset = collections.map(([collectionName, sets]) => ({
    collectionName,
    rwset: serializePrivateCollection(sets),
  }));
  return { namespace, collectionPvtRwset };
}

/** Metadata itself is public under the hash of its key; here only the key is named, so that its version can be updated. */
function serializePrivateCollection(sets: CollectionSets): Uint8Array {
  return KvRwSet.encode({
    writes: sortedEntries(sets.writes).map(([key, { value }]) => stateWrite(key, value)),
    metadataWrites: sortedEntries(sets.metadataWrites).map(([key]) => ({ key, entries: [] })),
  });
}

function writesPrivately(sets: CollectionSets): boolean {
  return sets.writes.size > 0 || sets.metadataWrites.size > 0;
}

function stateWrite(key: string, value: Uint8Array): KvWrite {
  return { key, isDelete: value.length === 0, value };
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const present = map.get(key);
  if (present !== undefined) {
    return present;
  }
  const made = make();
  map.set(key, made);
  return made;
}
