import type { common } from '@hyperledger/fabric-protos';
import { requireOptions, streamShape } from './arguments.js';
import { configurationBlocks } from './configurationBlocks.js';
import { clientError } from './errors.js';
import type { Ledger } from './ledger.js';
import { RegistryWriter } from './registryWriter.js';
import { ledgerBlocks, registryEvents } from './streams.js';
import type { RegistryEvent, StreamOptions } from './streams.js';

export type { Items } from './registryWriter.js';

/**
 * The registry, as one member sees and changes it. Made by `connect`; every failure is a `TraceCalError`. Statements are
 * signed by their authors (`newStatement`, `signStatement`); the member that submits them vouches for nothing.
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
   * The registry that every statement after the founding is signed for: the channel and the digest of the founding, as this
   * member's peer reports them. Compare it with a copy from another source: a signature for one registry counts in no other.
   *
   * @throws TraceCalError `NOT_FOUND` before the founding
   */
  registry(): Promise<string> {
    this.#registryName ??= this.getRegistry().then(({ registry }) => nameOf(registry));
    this.#registryName.catch(() => (this.#registryName = undefined));
    return this.#registryName;
  }

  /**
   * How many blocks of the channel this member's peer has. Blocks count from 0, so the last block is this number minus 1.
   *
   * @example
   * const endBlock = (await tracecal.height()) - 1n;
   * for await (const { txId } of tracecal.events({ checkpoint: 'read.json', endBlock })) console.log(txId); // all up to now
   *
   * @throws TraceCalError
   */
  height(): Promise<bigint> {
    return this.ledger.height();
  }

  /**
   * Events of the registry in ledger order, from where the checkpoint file ended. The connection must stand within the time of
   * a call. If it is lost later without a word, the stream ends after two minutes; `close` ends it at once. A gateway that
   * delivers nothing looks like a registry in which nothing happens: compare {@link height}.
   *
   * @param options - Where to start, and the file that stores how far the stream was read: a file of its own for each stream.
   * @throws TraceCalError `TIMED_OUT` or `UNAVAILABLE` if there is no gateway to wait for, `CLIENT_CLOSED`; `CHECKPOINT_INVALID` if the
   * file is damaged or of another chain, `CHECKPOINT_IN_USE` if another stream has written it since, `FILE_UNREADABLE`,
   * `FILE_UNWRITABLE`
   * @example
   * for await (const { announcement } of tracecal.events({ checkpoint: 'events.json' })) console.log(announcement.type);
   */
  async *events(options: StreamOptions = {}): AsyncGenerator<RegistryEvent, void, undefined> {
    requireOptions(streamShape, 'stream', options);
    yield* registryEvents(this.ledger, this.#chaincode, options);
  }

  /** A block of the channel, as this member's peer stores it (a serialised `common.Block`). @throws TraceCalError */
  block(number: number): Promise<Uint8Array> {
    return this.ledger.block(number);
  }

  /**
   * The channel's configuration blocks, the first one first (each a serialised `common.Block`). Nobody vouches for them: a trust
   * file's channel verifies that each follows from the one before, as `withConfigurations` does.
   *
   * @param after - Only those after this block.
   * @throws TraceCalError
   */
  configurationBlocks(after?: number): Promise<readonly Uint8Array[]> {
    return configurationBlocks(this.ledger, after);
  }

  /** Whole blocks of the channel, in order, from where the checkpoint file ended. @throws TraceCalError as {@link events} */
  async *blocks(options: StreamOptions = {}): AsyncGenerator<common.Block, void, undefined> {
    requireOptions(streamShape, 'stream', options);
    yield* ledgerBlocks(this.ledger, options);
  }
}

/** Statements are signed for it, so anything but a name is refused before it is kept. */
function nameOf(registry: unknown): string {
  if (typeof registry !== 'string' || registry === '') {
    throw clientError('ANSWER_INVALID', 'It does not name the registry.');
  }
  return registry;
}
