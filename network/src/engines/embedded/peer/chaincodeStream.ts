import { peer } from '@hyperledger/fabric-protos';
import {
  decodeShimMessage,
  encodeShimMessage,
  NO_BYTES,
  shimTypeName,
  ShimType,
  type ShimMessage,
} from './shimMessage.js';
import type { ShimStream } from './shimConnection.js';
import { SHIM_REQUESTS } from './shimRequests.js';
import { TransactionContext, type ChaincodeInvoker, type Invocation } from './transactionContext.js';

/** Suffix of the error text of an execution whose stream broke: clients and gateways then try another peer. */
const STREAM_TERMINATED = 'chaincode stream terminated';

const READY_PARAMETERS = (() => {
  const parameters = new peer.ChaincodeAdditionalParams();
  parameters.setUseWriteBatch(true);
  parameters.setMaxSizeWriteBatch(1000);
  parameters.setUseGetMultipleKeys(true);
  parameters.setMaxSizeGetMultipleKeys(1000);
  return parameters.serializeBinary();
})();

/** Options of one stream to a chaincode server. */
export interface ChaincodeStreamOptions {
  readonly stream: ShimStream;
  readonly invoker: ChaincodeInvoker;
  readonly executeTimeoutMs: number;
  /** Called once, when the chaincode has registered. */
  readonly onReady: (chaincodeId: string) => void;
  /** Called once, when the stream has ended and all its executions have failed. */
  readonly onClosed: (reason: string) => void;
}

interface Pending {
  readonly context: TransactionContext;
  readonly timer: NodeJS.Timeout;
  resolve(message: ShimMessage): void;
  reject(error: Error): void;
}

/**
 * The peer's side of one chaincode stream. Any number of transactions run on it at once, identified by channel and transaction id. The
 * chaincode's messages are untrusted: a protocol violation ends the stream, never the process.
 */
export class ChaincodeStream {
  readonly #options: ChaincodeStreamOptions;
  readonly #pending = new Map<string, Pending>();
  #state: 'created' | 'ready' | 'closed' = 'created';

  constructor(options: ChaincodeStreamOptions) {
    this.#options = options;
    const { stream } = options;
    stream.on('message', (bytes) => {
      this.#receive(bytes);
    });
    stream.on('closed', (reason) => {
      this.close(reason);
    });
  }

  /** Whether a transaction runs on it. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  get ready(): boolean {
    return this.#state === 'ready';
  }

  /** Runs `input` (a serialised `protos.ChaincodeInput`). Resolves with COMPLETED or ERROR. @throws on timeout and when the stream breaks */
  execute(invocation: Invocation, input: Uint8Array): Promise<ShimMessage> {
    const { proposal, ledger } = invocation;
    const key = `${ledger.channelId}\0${proposal.txId}`;
    if (this.#state !== 'ready') throw new Error(STREAM_TERMINATED);
    if (this.#pending.has(key)) {
      throw new Error(`txid: ${proposal.txId}(${ledger.channelId}) exists`);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#take(key)?.reject(new Error('timeout expired while executing transaction'));
      }, this.#options.executeTimeoutMs);
      this.#pending.set(key, { context: new TransactionContext(invocation), timer, resolve, reject });
      this.#send({
        type: ShimType.TRANSACTION,
        payload: input,
        txId: proposal.txId,
        channelId: ledger.channelId,
        proposal: proposal.signed,
      });
    });
  }

  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#options.stream.close();
    for (const key of [...this.#pending.keys()]) this.#take(key)?.reject(new Error(STREAM_TERMINATED));
    this.#options.onClosed(reason);
  }

  /** Ends a transaction: its further requests get no answer. */
  #take(key: string): Pending | undefined {
    const pending = this.#pending.get(key);
    if (!pending) return undefined;
    this.#pending.delete(key);
    clearTimeout(pending.timer);
    pending.context.close().catch(() => undefined);
    return pending;
  }

  #receive(bytes: Buffer): void {
    if (this.#state === 'closed') return;
    try {
      const message = decodeShimMessage(bytes);
      if (message.type === ShimType.KEEPALIVE) return;
      if (this.#state === 'created') this.#register(message);
      else this.#handle(message);
    } catch (error) {
      this.close(`the chaincode broke the protocol: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #register(message: ShimMessage): void {
    if (message.type !== ShimType.REGISTER) {
      throw new Error(`cannot handle message (${shimTypeName(message.type)}) while in created state`);
    }
    const chaincodeId = peer.ChaincodeID.deserializeBinary(message.payload).getName();
    if (chaincodeId === '') throw new Error('chaincodeID name is empty');
    this.#send({ type: ShimType.REGISTERED, payload: NO_BYTES, txId: '', channelId: '' });
    this.#send({ type: ShimType.READY, payload: READY_PARAMETERS, txId: '', channelId: '' });
    this.#state = 'ready';
    this.#options.onReady(chaincodeId);
  }

  #handle(message: ShimMessage): void {
    const key = `${message.channelId}\0${message.txId}`;
    if (message.type === ShimType.COMPLETED || message.type === ShimType.ERROR) {
      this.#take(key)?.resolve(message);
      return;
    }
    const request = SHIM_REQUESTS.get(message.type);
    if (!request) {
      throw new Error(`cannot handle message (${shimTypeName(message.type)}) while in ready state`);
    }
    const pending = this.#pending.get(key);
    if (!pending) {
      this.#fail(message, new Error('no ledger context'));
      return;
    }
    const { context } = pending;
    // A second request before the first answer: the shim never sends one, and the answers could not be matched. Ignore it.
    if (context.busy) return;
    context.busy = true;
    this.#answer(message, async () => request(context, message.payload, this.#options.invoker), context);
  }

  #answer(message: ShimMessage, run: () => Promise<Uint8Array>, context: TransactionContext): void {
    run().then(
      (payload) => {
        context.busy = false;
        this.#send({ type: ShimType.RESPONSE, payload, txId: message.txId, channelId: message.channelId });
      },
      (error: unknown) => {
        context.busy = false;
        this.#fail(message, error);
      },
    );
  }

  #fail(message: ShimMessage, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const text = `${shimTypeName(message.type)} failed: transaction ID: ${message.txId}: ${why}`;
    this.#send({
      type: ShimType.ERROR,
      payload: Buffer.from(text),
      txId: message.txId,
      channelId: message.channelId,
    });
  }

  #send(message: ShimMessage): void {
    if (this.#state !== 'closed') this.#options.stream.send(encodeShimMessage(message));
  }
}
