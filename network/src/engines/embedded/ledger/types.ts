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
 * One chaincode execution over a snapshot of the committed state, taken at its creation. Reads never see its own writes. A call of another
 * chaincode on the same channel uses the same simulator with the callee's namespace.
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

/** Options of a {@link ChannelLedger}. */
export interface LedgerOptions {
  /** Directory of this channel's database; made if it is not there. */
  readonly directory: string;
  /** Block 0 of the channel: written into a new store, compared with the first block of an existing one. */
  readonly genesis: common.Block;
  /** Makes the channel's access rules from a config block, at opening and whenever one commits. */
  readonly accessOf: (configBlock: common.Block) => ChannelAccess;
  readonly definitions: ReadonlyMap<string, ChaincodeDefinition>;
  /** Signs blocks under a configuration (a serialised `common.Config`); without it they bear no signatures. */
  readonly signUnder?: (config: Uint8Array) => SignBlock;
  /** Gets the invalid transactions, with the reasons. */
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
  /** False if every written key has its own policy (or only private data was written): then the chaincode policy does not apply. */
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
   * `reader` is the MSP id of the simulating endorser: of collections that it is not a member of, it sees only the hashes of private
   * values. Without it, every private value is readable.
   */
  simulate(txId: string, reader?: string): Promise<TxSimulator>;
  /** Validates (signatures, policies, MVCC, phantoms, duplicates), writes and fsyncs one block; resolves once it is durable. */
  commit(envelopes: readonly Uint8Array[]): Promise<common.Block>;
  /**
   * Keeps private writes of an endorsed proposal until its transaction commits (or is dropped). Await it before the endorsement is sent, so
   * that a restart in between loses nothing.
   */
  keepPrivate(txId: string, privateResults: Uint8Array): Promise<void>;
  block(number: bigint): Promise<common.Block | undefined>;
  /** The block whose header has this SHA-256. */
  blockByHash(hash: Uint8Array): Promise<common.Block | undefined>;
  /**
   * The private values that a committed block's transactions wrote and that still exist, by position in the block. Both MSP ids matter: the
   * peer has only the values of its own collections, and a collection may restrict its values to clients of members.
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
  /** Replaces (or adds) a definition; transactions that an earlier version executed are refused from the next block on. */
  define(definition: ChaincodeDefinition): void;
  /**
   * Reads the whole chain and checks every hash, from the first block to the stored tip.
   * @throws LedgerError `CORRUPT_STORE` naming the first block that does not fit.
   */
  verifyChain(): Promise<void>;
  /** Called after each durable commit, in order. Returns a function that removes the listener. */
  onCommit(listener: (block: common.Block) => void): () => void;
  /** Writes the ledger as it is now into a new folder. Later blocks are not in it. */
  copyTo(directory: string): Promise<void>;
  close(): Promise<void>;
}
