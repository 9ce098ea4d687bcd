import { hexBytes } from '@tracecal/core/platform';
import { nextConfig, readConfigBlock, trustConfigBlock } from '@tracecal/ledger/block';
import type { TrustedConfig } from '@tracecal/ledger/block';
import { Block, METADATA } from '@tracecal/ledger/wire';
import { configurationOf } from '../../client/trust/channel.js';
import type { TrustedChannel } from '../../client/trust/channel.js';
import { carried, demand, NotShown } from './shown.js';

/**
 * The configuration under which a block was made: reached from the trusted one, or, for an older block, from the channel's first
 * one, which the trust file names by its hash. @throws NotShown
 */
export function configurationFor(
  block: Uint8Array,
  configurations: readonly Uint8Array[],
  channel: TrustedChannel,
): TrustedConfig {
  return carried(REFUSED, () => {
    const number = Block.decode(block).header?.number ?? 0;
    const pinned = configurationOf(channel);
    const succession = new Succession(configurations, channel, number <= pinned.number ? undefined : pinned);
    const found = succession.before(number);
    demand(succession.isAtItsEnd, 'a configuration comes after the block');
    return found;
  });
}

const REFUSED = 'its configurations are not accepted';

/**
 * The configurations of a channel, from the trusted one or from the first one on. Blocks are asked about in their order. Strangers wrote all of
 * them: each configuration is read and verified once, and one that is refused is refused once, however many blocks there are.
 */
export class Succession {
  readonly #configurations: readonly Uint8Array[];
  readonly #channel: TrustedChannel;
  #trusted: TrustedConfig | undefined;
  /** The next one, and its number as soon as that was read. */
  #place = 0;
  #number: number | undefined;
  #refusal: NotShown | undefined;
  readonly #onEach: (() => void) | undefined;

  /**
   * @param pinned The channel's trusted configuration; undefined for blocks that are older, or hold it: these begin with the first one.
   * @param onEach Called before each is read; what it throws ends all.
   */
  constructor(
    configurations: readonly Uint8Array[],
    channel: TrustedChannel,
    pinned: TrustedConfig | undefined,
    onEach?: () => void,
  ) {
    this.#configurations = configurations;
    this.#channel = channel;
    this.#trusted = pinned;
    this.#onEach = onEach;
  }

  /** Whether none is left that a later block would need. */
  get isAtItsEnd(): boolean {
    return this.#place === this.#configurations.length;
  }

  /** The configuration under which the block of this number was made. @throws NotShown */
  before(block: number): TrustedConfig {
    for (;;) {
      if (this.#number === undefined) this.#onEach?.();
      const { trusted, isReached } = this.#refusedOnce(() => this.#step(block));
      if (isReached) return trusted;
    }
  }

  #refusedOnce<T>(read: () => T): T {
    if (this.#refusal !== undefined) throw this.#refusal;
    try {
      return carried(REFUSED, read);
    } catch (error) {
      if (error instanceof NotShown) this.#refusal = error;
      throw error;
    }
  }

  #step(block: number): { readonly trusted: TrustedConfig; readonly isReached: boolean } {
    this.#trusted ??= this.#start();
    const next = this.#next();
    if (next === undefined || next.number >= block) return { trusted: this.#trusted, isReached: true };
    if (next.number > this.#trusted.number) this.#trusted = nextConfig(next.bytes, this.#trusted);
    this.#place += 1;
    this.#number = undefined;
    return { trusted: this.#trusted, isReached: false };
  }

  #start(): TrustedConfig {
    const [first] = this.#configurations;
    demand(
      first !== undefined,
      'its block is older than the configuration that you trust, and the first one is missing',
    );
    const { name, genesis } = this.#channel;
    const trusted = trustConfigBlock(first, hexBytes(genesis) ?? new Uint8Array());
    demand(trusted.channelId === name, 'the first configuration is of another channel');
    return trusted;
  }

  #next(): { readonly bytes: Uint8Array; readonly number: number } | undefined {
    const bytes = this.#configurations[this.#place];
    if (bytes === undefined) return undefined;
    if (this.#number === undefined) {
      demandNothingUnsigned(bytes);
      this.#number = readConfigBlock(bytes).number;
    }
    return { bytes, number: this.#number };
  }
}

/** Flags, commit hashes and others are what a peer says. @throws NotShown */
export function demandNothingUnsigned(block: Uint8Array): void {
  const metadata = Block.decode(block).metadata?.metadata ?? [];
  const signed: readonly number[] = [METADATA.signatures, METADATA.lastConfig];
  const stray = metadata.some((bytes, place) => bytes.length > 0 && !signed.includes(place));
  demand(!stray, 'it carries metadata that nobody signs');
}
