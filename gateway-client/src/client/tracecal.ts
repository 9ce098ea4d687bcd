import type { common } from '@hyperledger/fabric-protos';
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

  /** What the registry announced, in ledger order, from where the checkpoint file left off. */
  events(options: StreamOptions = {}): AsyncGenerator<RegistryEvent, void, undefined> {
    return registryEvents(this.ledger, this.#chaincode, options);
  }

  /** Whole blocks of the channel, in order, from where the checkpoint file left off. */
  blocks(options: StreamOptions = {}): AsyncGenerator<common.Block, void, undefined> {
    return ledgerBlocks(this.ledger, options);
  }
}
