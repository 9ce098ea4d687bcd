import type { SignedData } from '@tracecal/ledger/identity';
import type { CollectionDefinition } from '@tracecal/ledger/validation';
import type { ChannelLedger, TxSimulator } from '../ledger/types.js';
import type { UnpackedProposal } from './proposal.js';
import type { QueryIterator } from './queryIterator.js';

/** One execution of one chaincode: the scope of its requests. */
export interface Invocation {
  /** The channel that the chaincode runs on. */
  readonly ledger: ChannelLedger;
  readonly namespace: string;
  readonly simulator: TxSimulator;
  readonly proposal: UnpackedProposal;
  /** The signed part of the proposal; always the same object, so that its signature is verified only once. */
  readonly signed: SignedData;
  /** MSP of the client that signed the proposal. */
  readonly creatorMsp: string;
  /** Aborts when nobody waits for the result any more: the chaincode's requests then get no answer. */
  readonly gone: AbortSignal | undefined;
}

/** Gives a chaincode access to other chaincodes through its peer. */
export interface ChaincodeInvoker {
  /** MSP of the organisation whose peer this is. */
  readonly mspId: string;
  /**
   * Runs another chaincode for `caller`. Returns a serialised `protos.ChaincodeMessage`.
   * @throws when it may not or cannot run
   */
  invokeFrom(caller: Invocation, target: string, input: Uint8Array): Promise<Uint8Array>;
}

/** The state of one transaction on one chaincode stream: its simulator, open iterators and access rights. */
export class TransactionContext {
  readonly invocation: Invocation;
  readonly iterators = new Map<string, QueryIterator>();
  /** Set while a request is being answered: Fabric drops a second one. */
  busy = false;
  #nextIterator = 0;
  readonly #collections = new Map<string, CollectionDefinition>();

  constructor(invocation: Invocation) {
    this.invocation = invocation;
    invocation.gone?.addEventListener('abort', this.#drop, { once: true });
  }

  addIterator(iterator: QueryIterator): string {
    const id = `${this.invocation.proposal.txId}-${this.#nextIterator++}`;
    this.iterators.set(id, iterator);
    return id;
  }

  async closeIterator(id: string): Promise<void> {
    const iterator = this.iterators.get(id);
    this.iterators.delete(id);
    await iterator?.close();
  }

  async close(): Promise<void> {
    this.invocation.gone?.removeEventListener('abort', this.#drop);
    await Promise.all([...this.iterators.keys()].map((id) => this.closeIterator(id)));
  }

  /** @throws when the collection does not exist or the proposal's creator may not read it */
  readableCollection(name: string): CollectionDefinition {
    const collection = this.collection(name);
    if (collection.memberOnlyRead && !collection.members.includes(this.invocation.creatorMsp)) {
      throw new Error(this.#denied('read', name));
    }
    return collection;
  }

  /** @throws when the collection does not exist or the proposal's creator may not write it */
  writableCollection(name: string): CollectionDefinition {
    const collection = this.collection(name);
    if (collection.memberOnlyWrite && !collection.members.includes(this.invocation.creatorMsp)) {
      throw new Error(this.#denied('write', name));
    }
    return collection;
  }

  /** @throws when the chaincode's definition has no such collection */
  collection(name: string): CollectionDefinition {
    const known = this.#collections.get(name);
    if (known) return known;
    const { ledger, namespace } = this.invocation;
    const found = ledger.collection(namespace, name);
    if (!found) {
      throw new Error(`collection ${ledger.channelId}/${namespace}/${name} could not be found`);
    }
    this.#collections.set(name, found);
    return found;
  }

  readonly #drop = (): void => {
    this.close().catch(() => undefined);
  };

  #denied(access: 'read' | 'write', collection: string): string {
    const { namespace } = this.invocation;
    return `tx creator does not have ${access} access permission on privatedata in chaincodeName:${namespace} collectionName: ${collection}`;
  }
}
