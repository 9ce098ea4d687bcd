import { sha256 } from '../crypto/index.js';
import { HashedRwSet, KvRwSet, sameBytes, TxReadWriteSet, type KvWrite, type KvWriteHash } from '../wire/index.js';

/** What a transaction read and wrote in one namespace. */
export interface NamespaceReadWriteSet {
  readonly namespace: string;
  readonly state: KvRwSet;
  readonly collections: readonly CollectionReadWriteSet[];
}

export interface CollectionReadWriteSet {
  readonly collection: string;
  readonly hashes: HashedRwSet;
  /** SHA-256 of the private writes of this collection; empty when there are none. */
  readonly privateHash: Uint8Array;
}

/** @throws WireError if the bytes are not an `rwset.TxReadWriteSet`. */
export function decodeReadWriteSet(bytes: Uint8Array): NamespaceReadWriteSet[] {
  return TxReadWriteSet.decode(bytes).nsRwset.map(({ namespace, rwset, collectionHashedRwset }) => ({
    namespace,
    state: KvRwSet.decode(rwset),
    collections: collectionHashedRwset.map(({ collectionName, hashedRwset, pvtRwsetHash }) => ({
      collection: collectionName,
      hashes: HashedRwSet.decode(hashedRwset),
      privateHash: pvtRwsetHash,
    })),
  }));
}

export function writesAnything({ state, collections }: NamespaceReadWriteSet): boolean {
  return (
    state.writes.length > 0 ||
    state.metadataWrites.length > 0 ||
    collections.some(({ hashes }) => hashes.hashedWrites.length > 0 || hashes.metadataWrites.length > 0)
  );
}

/** With these Fabric makes a namespace of the values of a collection, at the peers that have them: `registry$$pprices`. */
const VALUES_OF = '$$p';

/** Whether it reads private values as if they were public: peers that have them judge it otherwise than all others. */
export function readsPrivateValues({ namespace, state }: NamespaceReadWriteSet): boolean {
  const [table = ''] = namespace.split('\0');
  return table.includes(VALUES_OF) && state.reads.length + state.rangeQueriesInfo.length > 0;
}

/** Writing an empty value deletes the key. */
export function deletes({ isDelete, value }: KvWrite): boolean {
  return isDelete || value.length === 0;
}

const HASH_OF_NOTHING = sha256();

export function deletesHash({ isDelete, valueHash }: KvWriteHash): boolean {
  return isDelete || valueHash.length === 0 || sameBytes(valueHash, HASH_OF_NOTHING);
}
