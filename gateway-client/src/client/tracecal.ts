import type { common } from '@hyperledger/fabric-protos';
import { requireShape, streamShape } from './arguments.js';
import type { Ledger } from './ledger.js';
import { RegistryWriter } from './registryWriter.js';
import { ledgerBlocks, registryEvents } from './streams.js';
import type { RegistryEvent, StreamOptions } from './streams.js';

export type { Items } from './registryWriter.js';

/**
 * The registry, as one member sees and changes it. Made by `connect`; every failure is a `TraceCalError`. What is written is
 * signed by those whose word it is (`newStatement`, `signStatement`); the member that submits it vouches for nothing.
 */
export class TraceCal extends RegistryWriter {
  readonly #chaincode: string;
  #registryName: Promise<string> | undefined;

  constructor(ledger: Ledger, chaincode: string, close: () => void) {
    super(ledger, close);
    this.#chaincode = chaincode;
  }

  /** The channel on which the registry lives. */
  get channel(): string {
    return this.ledger.channel;
  }

  /**
   * What every statement after the founding is signed for: the channel and the digest of the registry's founding, as this
   * member's peer tells. Compare it with what you know from elsewhere: a signature for one registry counts in no other.
   *
   * @throws TraceCalError `NOT_FOUND` before the founding
   */
  registry(): Promise<string> {
    this.#registryName ??= this.getRegistry().then(({ registry }) => registry);
    this.#registryName.catch(() => (this.#registryName = undefined));
    return this.#registryName;
  }

  /**
   * How many blocks of the channel this member's peer has: the last one is the block before this number.
   *
   * @example
   * const endBlock = (await tracecal.height()) - 1n;
   * for await (const event of tracecal.events({ checkpoint: 'read.json', endBlock })) { ... } // all up to now
   *
   * @throws TraceCalError
   */
  height(): Promise<bigint> {
    return this.ledger.height();
  }

  /**
   * What the registry announced, in ledger order, from where the checkpoint file left off. It has to begin within the time of a
   * call; a gateway that stops answering later ends it after two minutes, and `close` at once.
   *
   * @param options - Where to begin, and which file remembers how far it was read.
   * @throws TraceCalError `TIMED_OUT` or `UNAVAILABLE` if there is no gateway to wait for, `CLIENT_CLOSED`, `CHECKPOINT_INVALID`
   * @example
   * for await (const { announcement } of tracecal.events({ checkpoint: 'events.json' })) console.log(announcement.type);
   */
  async *events(options: StreamOptions = {}): AsyncGenerator<RegistryEvent, void, undefined> {
    requireShape(streamShape, 'stream', options);
    yield* registryEvents(this.ledger, this.#chaincode, options);
  }

  /** Whole blocks of the channel, in order, from where the checkpoint file left off. @throws TraceCalError as {@link events} */
  async *blocks(options: StreamOptions = {}): AsyncGenerator<common.Block, void, undefined> {
    requireShape(streamShape, 'stream', options);
    yield* ledgerBlocks(this.ledger, options);
  }
}
