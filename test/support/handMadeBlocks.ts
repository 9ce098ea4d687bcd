import { common, ledger } from '@hyperledger/fabric-protos';
import { buildTransaction, newTransactionId } from './transactionBuilder.js';
import type { TransactionParts } from './transactionBuilder.js';

/** A transaction with the verdict that a peer gave it. */
export interface JudgedTransaction {
  readonly txId: string;
  readonly envelope: Uint8Array;
  /** A `protos.TxValidationCode`; 0 is VALID. */
  readonly code: number;
}

/** What a transaction wrote, by namespace: public keys, and private ones in the collection of one organisation. */
export interface Written {
  readonly namespace?: string;
  readonly keys?: readonly string[];
  readonly privateKeys?: readonly string[];
}

/** A composite key as the shim makes it. */
export function compositeKey(type: string, ...attributes: readonly string[]): string {
  return `\u0000${[type, ...attributes].map((part) => `${part}\u0000`).join('')}`;
}

/** A transaction of the registry on its channel. */
export function transaction({
  code = 0,
  written = [],
  ...parts
}: Partial<TransactionParts> & { code?: number; written?: readonly Written[] }): JudgedTransaction {
  const { nonce } = newTransactionId('NorthMSP', parts.nonce);
  const all: TransactionParts = {
    channelId: 'calibration',
    chaincode: 'registry',
    version: '1',
    results: readWriteSet(written),
    endorsers: ['NorthMSP'],
    creator: 'NorthMSP',
    ...parts,
    nonce,
  };
  return { ...buildTransaction(all), code };
}

export function blockOf(number: number, transactions: readonly JudgedTransaction[]): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(number);
  const data = new common.BlockData();
  data.setDataList(transactions.map(({ envelope }) => envelope));
  const metadata = new common.BlockMetadata();
  const filter = Uint8Array.from(transactions.map(({ code }) => code));
  metadata.setMetadataList([new Uint8Array(), new Uint8Array(), filter]);
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

function readWriteSet(written: readonly Written[]): Uint8Array {
  const { rwset } = ledger;
  const set = new rwset.TxReadWriteSet();
  for (const { namespace = 'registry', keys = [], privateKeys = [] } of written) {
    const state = new rwset.kvrwset.KVRWSet();
    for (const key of keys) {
      const write = new rwset.kvrwset.KVWrite();
      write.setKey(key);
      write.setValue(Buffer.from('a record'));
      state.addWrites(write);
    }
    const hashed = new rwset.kvrwset.HashedRWSet();
    for (const key of privateKeys) {
      const write = new rwset.kvrwset.KVWriteHash();
      write.setKeyHash(Buffer.from(key));
      write.setValueHash(Buffer.from('a record'));
      hashed.addHashedWrites(write);
    }
    const collection = new rwset.CollectionHashedReadWriteSet();
    collection.setCollectionName('_implicit_org_NorthMSP');
    collection.setHashedRwset(hashed.serializeBinary());
    const one = new rwset.NsReadWriteSet();
    one.setNamespace(namespace);
    one.setRwset(state.serializeBinary());
    if (privateKeys.length > 0) one.addCollectionHashedRwset(collection);
    set.addNsRwset(one);
  }
  return set.serializeBinary();
}
