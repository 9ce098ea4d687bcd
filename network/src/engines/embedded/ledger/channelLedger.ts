import { peer, type common, type ledger } from '@hyperledger/fabric-protos';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { findCollection, type ChaincodeDefinition, type CollectionDefinition } from '@tracecal/ledger/validation';
import { BlockStore } from './blockStore.js';
import type { Checkpoint } from './checkpoint.js';
import { requireCollection } from './collections.js';
import { codesOf } from './blockMetadata.js';
import { Committer, type CommitResult } from './committer.js';
import { LedgerError } from './errors.js';
import type { PastVersions } from './pastVersions.js';
import type { PendingPrivate } from './pendingPrivate.js';
import { privateWritesOf } from './privateWrites.js';
import { StateSimulator } from './simulator.js';
import type { Store } from './store.js';
import type { ChannelLedger, CommittedTransaction, LedgerOptions, TxSimulator } from './types.js';

interface OpenedLedger {
  readonly store: Store;
  readonly checkpoint: Checkpoint;
  readonly access: ChannelAccess;
  readonly pending: PendingPrivate;
  readonly versions: PastVersions;
}

/** A channel's ledger in one LevelDB: a block and all its changes are one durable batch, so there is nothing to recover. */
export class EmbeddedLedger implements ChannelLedger {
  readonly channelId: string;
  readonly #store: Store;
  readonly #blocks: BlockStore;
  readonly #pending: PendingPrivate;
  readonly #versions: PastVersions;
  readonly #committer: Committer;
  readonly #definitions: Map<string, ChaincodeDefinition>;
  readonly #listeners = new Set<(block: common.Block) => void>();
  #checkpoint: Checkpoint;
  #access: ChannelAccess;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: LedgerError | undefined;
  #closing: Promise<void> | undefined;

  constructor({ store, checkpoint, access, pending, versions }: OpenedLedger, options: LedgerOptions) {
    this.channelId = access.channelId;
    this.#store = store;
    this.#blocks = new BlockStore(store);
    this.#pending = pending;
    this.#checkpoint = checkpoint;
    this.#access = access;
    this.#versions = versions;
    this.#definitions = new Map();
    for (const definition of options.definitions.values()) this.define(definition);
    const { accessOf, signUnder, log } = options;
    this.#committer = new Committer({ store, blocks: this.#blocks, pending, versions, accessOf, signUnder, log });
  }

  get height(): bigint {
    return BigInt(this.#checkpoint.height);
  }

  get access(): ChannelAccess {
    return this.#access;
  }

  simulate(txId: string, reader?: string): Promise<TxSimulator> {
    return new Promise((resolve) => {
      const access = this.#access;
      const snapshot = this.#store.snapshot();
      const collection = (namespace: string, name: string) =>
        requireCollection(this.definition(namespace), namespace, name, access);
      resolve(new StateSimulator({ txId, reader, snapshot, collection }));
    });
  }

  commit(envelopes: readonly Uint8Array[]): Promise<common.Block> {
    const turn = this.#queue.then(() => this.#commitNext(envelopes));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  keepPrivate(txId: string, privateResults: Uint8Array): Promise<void> {
    return this.#pending.keep(txId, this.#checkpoint.height, privateResults);
  }

  block(number: bigint): Promise<common.Block | undefined> {
    const known = number >= 0n && number < this.height;
    return known ? this.#blocks.block(Number(number)) : Promise.resolve(undefined);
  }

  blockByHash(hash: Uint8Array): Promise<common.Block | undefined> {
    return this.#blocks.blockByHash(hash);
  }

  privateWrites(
    block: common.Block,
    peerMspId: string,
    clientMspId: string,
  ): ReadonlyMap<number, ledger.rwset.TxPvtReadWriteSet> {
    const mayRead = (namespace: string, name: string): boolean => {
      const collection = this.collection(namespace, name);
      if (collection?.members.includes(peerMspId) !== true) return false;
      return !collection.memberOnlyRead || collection.members.includes(clientMspId);
    };
    const number = block.getHeader()?.getNumber() ?? 0;
    const envelopes = block.getData()?.getDataList_asU8() ?? [];
    const codes = codesOf(block);
    const found = new Map<number, ledger.rwset.TxPvtReadWriteSet>();
    for (const [transaction, envelope] of envelopes.entries()) {
      if (codes[transaction] !== peer.TxValidationCode.VALID) continue;
      const writes = privateWritesOf(envelope, { block: number, transaction }, this.#store, mayRead);
      if (writes !== undefined) found.set(transaction, writes);
    }
    return found;
  }

  transaction(txId: string): Promise<CommittedTransaction | undefined> {
    return new Promise((resolve) => {
      resolve(this.#blocks.transaction(txId));
    });
  }

  hasTransaction(txId: string): Promise<boolean> {
    return new Promise((resolve) => {
      resolve(this.#blocks.isKnown(txId));
    });
  }

  definition(chaincode: string): ChaincodeDefinition | undefined {
    return this.#definitions.get(chaincode);
  }

  collection(chaincode: string, name: string): CollectionDefinition | undefined {
    return findCollection(this.definition(chaincode), name, this.#access);
  }

  define(definition: ChaincodeDefinition): void {
    this.#definitions.set(definition.name, definition);
    this.#versions.note(definition.name, definition.version);
  }

  verifyChain(): Promise<void> {
    // Run after pending commits, so that chain and checkpoint match.
    const turn = this.#queue.then(() => this.#blocks.verify(this.#checkpoint.height, this.#checkpoint.tipHash));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  onCommit(listener: (block: common.Block) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  copyTo(directory: string): Promise<void> {
    return this.#store.copyTo(directory);
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.then(() => this.#store.close());
    return this.#closing;
  }

  async #commitNext(envelopes: readonly Uint8Array[]): Promise<common.Block> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    if (envelopes.length === 0) {
      throw new RangeError('A block holds at least one envelope.');
    }
    const prepared = await this.#committer.prepare(envelopes, this.#checkpoint, this.#access, (name) =>
      this.definition(name),
    );
    await this.#persist(prepared);
    this.#checkpoint = prepared.checkpoint;
    this.#access = prepared.access;
    this.#pending.forget(prepared.settled);
    this.#versions.written(prepared.writes);
    this.#blocks.remember(prepared.block, prepared.checkpoint.height - 1);
    this.#tell(prepared.block);
    return prepared.block;
  }

  async #persist(prepared: CommitResult): Promise<void> {
    try {
      await this.#store.write(prepared.writes, true);
    } catch (error) {
      // It is unknown whether the block reached the disk, and only a restart can tell: accept no further block.
      this.#failure = new LedgerError(
        'STORE_FAILED',
        `The ledger of channel ${this.channelId} could not write a block: free disk space or mend the disk, then restart the network.`,
        { cause: error },
      );
      throw this.#failure;
    }
  }

  #tell(block: common.Block): void {
    for (const listener of this.#listeners) {
      try {
        listener(block);
      } catch (error) {
        // The block is durable: a failing listener must not make the commit look failed.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
