import { ledger } from '@hyperledger/fabric-protos';

const { kvrwset } = ledger.rwset;

/** What a hand-made read-write set does to a key. */
export type HandMadeWrite =
  | { readonly key: string; readonly value: string }
  | { readonly key: string; readonly deleted: true }
  /** Serialised `common.SignaturePolicyEnvelope`: the key's own endorsement policy from then on. */
  | { readonly key: string; readonly policy: Uint8Array };

/** The results of a chaincode that nobody ran: nothing read, and this written. */
export function handMadeWrites(namespace: string, writes: readonly HandMadeWrite[]): Uint8Array {
  const state = new kvrwset.KVRWSet();
  for (const write of writes) {
    if ('policy' in write) state.addMetadataWrites(policyWrite(write.key, write.policy));
    else state.addWrites(valueWrite(write));
  }
  const set = new ledger.rwset.NsReadWriteSet();
  set.setNamespace(namespace);
  set.setRwset(state.serializeBinary());
  const results = new ledger.rwset.TxReadWriteSet();
  results.setDataModel(ledger.rwset.TxReadWriteSet.DataModel.KV);
  results.addNsRwset(set);
  return results.serializeBinary();
}

function valueWrite(write: Exclude<HandMadeWrite, { readonly policy: Uint8Array }>): ledger.rwset.kvrwset.KVWrite {
  const made = new kvrwset.KVWrite();
  made.setKey(write.key);
  if ('deleted' in write) made.setIsDelete(true);
  else made.setValue(Buffer.from(write.value));
  return made;
}

function policyWrite(key: string, policy: Uint8Array): ledger.rwset.kvrwset.KVMetadataWrite {
  const entry = new kvrwset.KVMetadataEntry();
  entry.setName('VALIDATION_PARAMETER');
  entry.setValue(policy);
  const made = new kvrwset.KVMetadataWrite();
  made.setKey(key);
  made.addEntries(entry);
  return made;
}
