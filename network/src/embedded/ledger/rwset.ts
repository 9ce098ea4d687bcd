import { ledger } from '@hyperledger/fabric-protos';
import { sha256, sameBytes } from './bytes.js';

type KVRWSet = ledger.rwset.kvrwset.KVRWSet;
type HashedRWSet = ledger.rwset.kvrwset.HashedRWSet;

/** What a transaction read and wrote in one namespace. */
export interface NamespaceReadWriteSet {
  readonly namespace: string;
  readonly state: KVRWSet;
  readonly collections: readonly CollectionReadWriteSet[];
}

export interface CollectionReadWriteSet {
  readonly collection: string;
  readonly hashes: HashedRWSet;
  /** SHA-256 of the private writes of this collection; empty when there are none. */
  readonly privateHash: Uint8Array;
}

/** @throws when the bytes are no `rwset.TxReadWriteSet`. */
export function decodeReadWriteSet(bytes: Uint8Array): NamespaceReadWriteSet[] {
  return ledger.rwset.TxReadWriteSet.deserializeBinary(bytes)
    .getNsRwsetList()
    .map((namespace) => ({
      namespace: namespace.getNamespace(),
      state: ledger.rwset.kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8()),
      collections: namespace.getCollectionHashedRwsetList().map((collection) => ({
        collection: collection.getCollectionName(),
        hashes: ledger.rwset.kvrwset.HashedRWSet.deserializeBinary(collection.getHashedRwset_asU8()),
        privateHash: collection.getPvtRwsetHash_asU8(),
      })),
    }));
}

export function writesAnything(set: NamespaceReadWriteSet): boolean {
  return (
    set.state.getWritesList().length > 0 ||
    set.state.getMetadataWritesList().length > 0 ||
    set.collections.some(
      ({ hashes }) => hashes.getHashedWritesList().length > 0 || hashes.getMetadataWritesList().length > 0,
    )
  );
}

/** An empty value is no value: writing it deletes the key. */
export function deletes(write: ledger.rwset.kvrwset.KVWrite): boolean {
  return write.getIsDelete() || write.getValue_asU8().length === 0;
}

const HASH_OF_NOTHING = sha256();

export function deletesHash(write: ledger.rwset.kvrwset.KVWriteHash): boolean {
  const hash = write.getValueHash_asU8();
  return write.getIsDelete() || hash.length === 0 || sameBytes(hash, HASH_OF_NOTHING);
}
