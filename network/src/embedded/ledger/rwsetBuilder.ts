import { ledger } from '@hyperledger/fabric-protos';
import { sha256, sortedEntries } from './bytes.js';
import { readOf, RangeReads } from './rangeReads.js';
import { toProto, type Version } from './version.js';

const { rwset } = ledger;
const { kvrwset } = rwset;
type KVWrite = ledger.rwset.kvrwset.KVWrite;
type RangeQueryInfo = ledger.rwset.kvrwset.RangeQueryInfo;
type MetadataEntry = ledger.rwset.kvrwset.KVMetadataEntry;

/** How far a range query was read, as the phantom check will repeat it. */
export interface RangeRecord {
  readonly start: string;
  end: string;
  exhausted: boolean;
  readonly reads: RangeReads;
}

interface NamespaceSets {
  readonly reads: Map<string, Version | undefined>;
  readonly writes: Map<string, KVWrite>;
  readonly metadataWrites: Map<string, readonly MetadataEntry[]>;
  readonly ranges: RangeRecord[];
  readonly collections: Map<string, CollectionSets>;
}

interface CollectionSets {
  readonly reads: Map<string, Version | undefined>;
  readonly writes: Map<string, PrivateWrite>;
  readonly metadataWrites: Map<string, readonly MetadataEntry[]>;
}

/** Without a value the key is deleted; purged: also from what was kept of earlier blocks. */
interface PrivateWrite {
  readonly value: Uint8Array;
  readonly purge: boolean;
}

/** Collects what a simulation reads and writes and serialises it exactly as a peer does: endorsers must agree byte for byte. */
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
    this.#namespace(namespace).metadataWrites.set(key, [metadataEntry(metakey, value)]);
  }

  readPrivate(namespace: string, collection: string, key: string, version: Version | undefined): void {
    this.#collection(namespace, collection).reads.set(key, version);
  }

  writePrivate(namespace: string, collection: string, key: string, write: PrivateWrite): void {
    this.#collection(namespace, collection).writes.set(key, write);
  }

  writePrivateMetadata(namespace: string, collection: string, key: string, metakey: string, value: Uint8Array): void {
    this.#collection(namespace, collection).metadataWrites.set(key, [metadataEntry(metakey, value)]);
  }

  /** Names of the namespaces that were read or written, in order. */
  namespaces(): string[] {
    return sortedEntries(this.#namespaces).map(([namespace]) => namespace);
  }

  /** A serialised `rwset.TxReadWriteSet`. */
  publicResults(): Uint8Array {
    const results = new rwset.TxReadWriteSet();
    results.setDataModel(rwset.TxReadWriteSet.DataModel.KV);
    for (const [namespace, sets] of sortedEntries(this.#namespaces)) {
      const message = new rwset.NsReadWriteSet();
      message.setNamespace(namespace);
      message.setRwset(serializeState(sets));
      for (const [collection, collectionSets] of sortedEntries(sets.collections)) {
        message.addCollectionHashedRwset(serializeHashes(collection, collectionSets));
      }
      results.addNsRwset(message);
    }
    return results.serializeBinary();
  }

  /** A serialised `rwset.TxPvtReadWriteSet`, undefined when nothing private was written. */
  privateResults(): Uint8Array | undefined {
    const results = new rwset.TxPvtReadWriteSet();
    results.setDataModel(rwset.TxReadWriteSet.DataModel.KV);
    for (const [namespace, sets] of sortedEntries(this.#namespaces)) {
      const collections = sortedEntries(sets.collections).filter(([, written]) => writesPrivately(written));
      if (collections.length > 0) {
        results.addNsPvtRwset(serializePrivateNamespace(namespace, collections));
      }
    }
    return results.getNsPvtRwsetList().length > 0 ? results.serializeBinary() : undefined;
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
  const message = new kvrwset.KVRWSet();
  message.setReadsList(sortedEntries(sets.reads).map(([key, version]) => readOf(key, version)));
  message.setRangeQueriesInfoList(distinctRanges(sets.ranges));
  message.setWritesList(sortedEntries(sets.writes).map(([, write]) => write));
  message.setMetadataWritesList(
    sortedEntries(sets.metadataWrites).map(([key, entries]) => metadataWrite(key, entries)),
  );
  return message.serializeBinary();
}

/** The same range read twice to the same end is one fact. */
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

function rangeInfo(start: string, end: string, exhausted: boolean, reads: RangeReads): RangeQueryInfo {
  const info = new kvrwset.RangeQueryInfo();
  info.setStartKey(start);
  info.setEndKey(end);
  info.setItrExhausted(exhausted);
  const result = reads.finish();
  if ('summary' in result) {
    info.setReadsMerkleHashes(result.summary);
  } else if (result.reads.length > 0) {
    const raw = new kvrwset.QueryReads();
    raw.setKvReadsList([...result.reads]);
    info.setRawReads(raw);
  }
  return info;
}

function serializeHashes(collection: string, sets: CollectionSets): ledger.rwset.CollectionHashedReadWriteSet {
  const hashes = new kvrwset.HashedRWSet();
  for (const [key, version] of sortedEntries(sets.reads)) {
    const read = new kvrwset.KVReadHash();
    read.setKeyHash(sha256(Buffer.from(key)));
    read.setVersion(toProto(version));
    hashes.addHashedReads(read);
  }
  for (const [key, { value, purge }] of sortedEntries(sets.writes)) {
    const write = new kvrwset.KVWriteHash();
    write.setKeyHash(sha256(Buffer.from(key)));
    write.setIsDelete(value.length === 0);
    write.setIsPurge(purge);
    if (value.length > 0) {
      write.setValueHash(sha256(value));
    }
    hashes.addHashedWrites(write);
  }
  for (const [key, entries] of sortedEntries(sets.metadataWrites)) {
    const write = new kvrwset.KVMetadataWriteHash();
    write.setKeyHash(sha256(Buffer.from(key)));
    write.setEntriesList([...entries]);
    hashes.addMetadataWrites(write);
  }
  const message = new rwset.CollectionHashedReadWriteSet();
  message.setCollectionName(collection);
  message.setHashedRwset(hashes.serializeBinary());
  if (writesPrivately(sets)) {
    message.setPvtRwsetHash(sha256(serializePrivateCollection(sets)));
  }
  return message;
}

function serializePrivateNamespace(
  namespace: string,
  collections: readonly [string, CollectionSets][],
): ledger.rwset.NsPvtReadWriteSet {
  const message = new rwset.NsPvtReadWriteSet();
  message.setNamespace(namespace);
  for (const [collection, sets] of collections) {
    const part = new rwset.CollectionPvtReadWriteSet();
    part.setCollectionName(collection);
    part.setRwset(serializePrivateCollection(sets));
    message.addCollectionPvtRwset(part);
  }
  return message;
}

/** Metadata itself is public under the hash of its key; here only the key is named, so that its version can follow. */
function serializePrivateCollection(sets: CollectionSets): Uint8Array {
  const message = new kvrwset.KVRWSet();
  message.setWritesList(sortedEntries(sets.writes).map(([key, { value }]) => stateWrite(key, value)));
  message.setMetadataWritesList(sortedEntries(sets.metadataWrites).map(([key]) => metadataWrite(key, [])));
  return message.serializeBinary();
}

function writesPrivately(sets: CollectionSets): boolean {
  return sets.writes.size > 0 || sets.metadataWrites.size > 0;
}

function stateWrite(key: string, value: Uint8Array): KVWrite {
  const write = new kvrwset.KVWrite();
  write.setKey(key);
  write.setIsDelete(value.length === 0);
  write.setValue(value);
  return write;
}

function metadataWrite(key: string, entries: readonly MetadataEntry[]): ledger.rwset.kvrwset.KVMetadataWrite {
  const write = new kvrwset.KVMetadataWrite();
  write.setKey(key);
  write.setEntriesList([...entries]);
  return write;
}

function metadataEntry(name: string, value: Uint8Array): MetadataEntry {
  const entry = new kvrwset.KVMetadataEntry();
  entry.setName(name);
  entry.setValue(value);
  return entry;
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
