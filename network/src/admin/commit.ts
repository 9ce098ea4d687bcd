import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { orderer, peer, type common } from '@hyperledger/fabric-protos';
import { channelHeight } from './channelHeight.js';
import { AdminError } from './errors.js';
import type { Signer } from './signer.js';
import type { NodeConnection } from './node.js';
import { seekEnvelope } from './seek.js';

type Stream = ClientDuplexStream<common.Envelope, peer.DeliverResponse>;

/** Follows a peer's filtered blocks, opened before a transaction is sent, so that its commit cannot be missed. */
export class CommitListener {
  readonly #connection: NodeConnection;
  readonly #stream: Stream;
  readonly #outcomes = new Map<string, number>();
  #failure: AdminError | undefined;
  #wake: () => void = () => undefined;

  private constructor(connection: NodeConnection, stream: Stream) {
    this.#connection = connection;
    this.#stream = stream;
    stream.on('data', (response: peer.DeliverResponse) => {
      this.#take(response);
    });
    stream.on('error', (error: ServiceError) => {
      this.#failure ??= connection.failure(error);
      this.#wake();
    });
    stream.on('end', () => {
      this.#failure ??= new AdminError('UNREACHABLE', 'the block stream ended', connection.name);
      this.#wake();
    });
  }

  /**
   * Starts with the next block, so that no commit is missed from now on. The newest block cannot be requested: a peer that joined from a
   * snapshot does not have it.
   * @throws AdminError
   */
  static async open(
    connection: NodeConnection,
    channel: string,
    signer: Signer,
    timeoutMs: number,
  ): Promise<CommitListener> {
    const height = await channelHeight(connection, signer, channel);
    const stream = connection.deliver.deliverFiltered({ deadline: Date.now() + timeoutMs });
    stream.write(seekFrom(height, channel, signer, connection.tlsCertificateHash));
    return new CommitListener(connection, stream);
  }

  /** @throws AdminError `INVALIDATED` naming the validation code; `UNREACHABLE` when the stream ends first. */
  async committed(transactionId: string): Promise<void> {
    let outcome = this.#outcomes.get(transactionId);
    while (outcome === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      outcome = this.#outcomes.get(transactionId);
    }
    if (outcome === peer.TxValidationCode.VALID) return;
    const name = Object.entries(peer.TxValidationCode).find(([, code]) => code === outcome)?.[0] ?? String(outcome);
    throw new AdminError('INVALIDATED', `transaction ${transactionId} committed as ${name}`, this.#connection.name);
  }

  close(): void {
    // Cancelling reports an error to the stream's listeners, but nobody waits for it any more.
    this.#failure ??= new AdminError('UNREACHABLE', 'the block stream was closed', this.#connection.name);
    this.#stream.cancel();
  }

  #take(response: peer.DeliverResponse): void {
    const block = response.getFilteredBlock();
    if (block === undefined) {
      const text = `the peer does not deliver blocks (status ${response.getStatus()})`;
      this.#failure ??= new AdminError('REFUSED', text, this.#connection.name);
    }
    for (const transaction of block?.getFilteredTransactionsList() ?? []) {
      this.#outcomes.set(transaction.getTxid(), transaction.getTxValidationCode());
    }
    this.#wake();
  }
}

function seekFrom(height: number, channel: string, signer: Signer, tlsHash: Uint8Array): common.Envelope {
  const next = new orderer.SeekSpecified();
  next.setNumber(height);
  const start = new orderer.SeekPosition();
  start.setSpecified(next);
  const never = new orderer.SeekSpecified();
  never.setNumber(Number.MAX_SAFE_INTEGER);
  const stop = new orderer.SeekPosition();
  stop.setSpecified(never);
  const seek = new orderer.SeekInfo();
  seek.setStart(start);
  seek.setStop(stop);
  seek.setBehavior(orderer.SeekInfo.SeekBehavior.BLOCK_UNTIL_READY);

  return seekEnvelope(seek, channel, signer, tlsHash);
}
