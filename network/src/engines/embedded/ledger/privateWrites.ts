import { ledger } from '@hyperledger/fabric-protos';
import {
  committedResults,
  decodeReadWriteSet,
  sameVersion,
  type CollectionReadWriteSet,
  type Version,
} from '@tracecal/ledger/validation';
import { privateKey, privateNameKey } from './keys.js';
import type { Reads } from './store.js';

const { rwset } = ledger;

/** Whether a caller may have the private values of a collection. */
export type MayRead = (namespace: string, collection: string) => boolean;

/**
 * The private values of a valid transaction that were not replaced, deleted or purged since. They are read from private state, because a
 * value is stored only once, so that a purge leaves no copy.
 */
export function privateWritesOf(
  envelope: Uint8Array,
  version: Version,
  state: Reads,
  mayRead: MayRead,
): ledger.rwset.TxPvtReadWriteSet | undefined {
  const committed = committedResults(envelope);
  if (committed === undefined) return undefined;
  const namespaces = decodeReadWriteSet(committed.results).flatMap(({ namespace, collections }) => {
    const sets = collections
      .filter(({ collection }) => mayRead(namespace, collection))
      .flatMap((collection) => collectionSet(namespace, collection, version, state) ?? []);
    return sets.length === 0 ? [] : [namespaceSet(namespace, sets)];
  });
  if (namespaces.length === 0) return undefined;
  const transaction = new rwset.TxPvtReadWriteSet();
  transaction.setDataModel(rwset.TxReadWriteSet.DataModel.KV);
  transaction.setNsPvtRwsetList(namespaces);
  return transaction;
}

function namespaceSet(
  namespace: string,
  sets: ledger.rwset.CollectionPvtReadWriteSet[],
): ledger.rwset.NsPvtReadWriteSet {
  const message = new rwset.NsPvtReadWriteSet();
  message.setNamespace(namespace);
  message.setCollectionPvtRwsetList(sets);
  return message;
}

function collectionSet(
  namespace: string,
  { collection, hashes }: CollectionReadWriteSet,
  version: Version,
  state: Reads,
): ledger.rwset.CollectionPvtReadWriteSet | undefined {
  const writes = hashes.hashedWrites.flatMap(({ keyHash }) => {
    const key = state.get(privateNameKey(namespace, collection, keyHash))?.toString();
    const record = key === undefined ? undefined : state.record(privateKey(namespace, collection, key));
    if (key === undefined || record === undefined || !sameVersion(record.version, version)) return [];
    const value = new rwset.kvrwset.KVWrite();
    value.setKey(key);
    value.setValue(record.value);
    return [value];
  });
  if (writes.length === 0) return undefined;
  const values = new rwset.kvrwset.KVRWSet();
  values.setWritesList(writes);
  const message = new rwset.CollectionPvtReadWriteSet();
  message.setCollectionName(collection);
  message.setRwset(values.serializeBinary());
  return message;
}
