import type { common, ledger } from '@hyperledger/fabric-protos';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import type { Log } from '../../../system/log.js';
import type { SignBlock } from './blockMetadata.js';
import type { ChaincodeDefinition, CollectionDefinition } from '@tracecal/ledger/validation';

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface Page {
  readonly entries: readonly KeyValue[];
  readonly bookmark: string;
}

export interface HistoricValue {
  readonly txId: string;
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly value: Uint8Array;
  readonly isDelete: boolean;
}

/**
 * One chaincode execution over committed state (a snapshot taken when it was made). Reads never see its own writes.
 * A call into another chaincode of the same channel uses the same simulator under the callee's namespace.
 */
export interface TxSimulator {
  getState(namespace: string, key: string): Promise<Uint8Array | undefined>;
  /** The values of keys, in their order. */
  getStates(namespace: string, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  putState(namespace: string, key: string, value: Uint8Array): void;
  deleteState(namespace: string, key: string): void;
  getMetadata(namespace: string, key: string): Promise<ReadonlyMap<string, Uint8Array>>;
  putMetadata(namespace: string, key: string, metakey: string, value: Uint8Array): void;
  /** Keys in [start, end), in byte order of their UTF-8 form; `end` empty means no bound. Recorded for the phantom check as it is consumed. */
  getRange(namespace: string, start: string, end: string): AsyncIterableIterator<KeyValue>;
  /** @throws when the transaction has written, as Fabric does; and writes after it throw. */
  getRangePage(namespace: string, start: string, end: string, pageSize: number, bookmark: string): Promise<Page>;
  getHistory(namespace: string, key: string): AsyncIterableIterator<HistoricValue>;
  getPrivate(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined>;
  getPrivateHash(namespace: string, collection: string, key: string): Promise<Uint8Array | undefined>;
  putPrivate(namespace: string, collection: string, key: string, value: Uint8Array): void;
  deletePrivate(namespace: string, collection: string, key: string): void;
  purgePrivate(namespace: string, collection: string, key: string): void;
  getPrivateRange(namespace: string, collection: string, start: string, end: string): AsyncIterableIterator<KeyValue>;
  getPrivateMetadata(namespace: string, collection: string, key: string): Promise<ReadonlyMap<string, Uint8Array>>;
  putPrivateMetadata(namespace: string, collection: string, key: string, metakey: string, value: Uint8Array): void;
  /** Ends the simulation. `publicResults` is a serialised `rwset.TxReadWriteSet` (deterministic: namespaces and keys sorted). */
  finish(): SimulationResults;
  /** Gives back the snapshot without results. Safe to call twice. */
  discard(): void;
}

/** What {@link ChannelLedger} is opened with. */
export interface LedgerOptions {
  /** Directory of this channel's database; made if it is not there. */
  readonly directory: string;
  /** Block 0 of the channel: written into a new store, compared with the first block of an existing one. */
  readonly genesis: common.Block;
  /** Makes the channel's access rules of a config block: at opening and whenever one commits. */
  readonly accessOf: (configBlock: common.Block) => ChannelAccess;
  readonly definitions: ReadonlyMap<string, ChaincodeDefinition>;
  /** Signs blocks under a configuration (a serialised `common.Config`); without it they bear no signatures. */
  readonly signUnder?: (config: Uint8Array) => SignBlock;
  /** Is told which transactions are invalid, and why. */
  readonly log?: Log | undefined;
}

export interface SimulationResults {
  readonly publicResults: Uint8Array;
  /** Serialised `rwset.TxPvtReadWriteSet`; absent if no private data was written. */
  readonly privateResults?: Uint8Array;
  /** Namespaces, collections and key-level policies written: what the gateway needs to plan endorsements. */
  readonly interest: readonly WrittenNamespace[];
}

export interface WrittenNamespace {
  readonly namespace: string;
  readonly collections: readonly string[];
  /** Serialised `common.SignaturePolicyEnvelope` of every written key that has a policy of its own. */
  readonly keyPolicies: readonly Uint8Array[];
  /** False when every written key has its own policy (or only private data was written): then the chaincode policy is not asked. */
  readonly chaincodePolicyApplies: boolean;
}

export interface CommittedTransaction {
  readonly txId: string;
  readonly blockNumber: bigint;
  /** A `protos.TxValidationCode`; 0 is VALID. */
  readonly code: number;
  readonly envelope: Uint8Array;
}

/** One channel's blocks and state. One writer; any number of readers. */
export interface ChannelLedger {
  readonly channelId: string;
  /** Number of blocks, so the number of the next one. */
  readonly height: bigint;
  readonly access: ChannelAccess;
  /**
   * `reader` is the MSP id of the endorser that simulates: private values of a collection it is no member of are not
   * there for it, only their hashes. Without it every private value is readable.
   */
  simulate(txId: string, reader?: string): Promise<TxSimulator>;
  /** Validates (signatures, policies, MVCC, phantoms, duplicates), writes and fsyncs one block; resolves once it is durable. */
  commit(envelopes: readonly Uint8Array[]): Promise<common.Block>;
  /**
   * Keeps private writes of an endorsed proposal until its transaction commits (or is given up). Await it before the
   * endorsement leaves: then a restart in between loses nothing.
   */
  keepPrivate(txId: string, privateResults: Uint8Array): Promise<void>;
  block(number: bigint): Promise<common.Block | undefined>;
  /** The block whose header has this SHA-256. */
  blockByHash(hash: Uint8Array): Promise<common.Block | undefined>;
  /**
   * The private values that the transactions of a committed block wrote, by their place in it, as far as they still stand. Both
   * MSP ids count: the peer has the values of its own collections only, and a collection may keep them to its members' clients.
   */
  privateWrites(
    block: common.Block,
    peerMspId: string,
    clientMspId: string,
  ): ReadonlyMap<number, ledger.rwset.TxPvtReadWriteSet>;
  transaction(txId: string): Promise<CommittedTransaction | undefined>;
  hasTransaction(txId: string): Promise<boolean>;
  definition(chaincode: string): ChaincodeDefinition | undefined;
  /** A collection of a chaincode: one that its definition has, or an organisation's own (`_implicit_org_<MSP id>`). */
  collection(chaincode: string, name: string): CollectionDefinition | undefined;
  /** Replaces (or adds) a definition; transactions endorsed under another version are refused from the next block on. */
  define(definition: ChaincodeDefinition): void;
  /**
   * Reads the whole chain and checks every hash, from the first block to the stored tip.
   * @throws LedgerError `CORRUPT_STORE` naming the first block that does not fit.
   */
  verifyChain(): Promise<void>;
  /** Called after each durable commit, in order. Returns the way to stop. */
  onCommit(listener: (block: common.Block) => void): () => void;
  close(): Promise<void>;
}
