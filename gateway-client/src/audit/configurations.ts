import { readConfigBlock } from '@tracecal/ledger/block';
import type { TrustedConfig } from '@tracecal/ledger/block';
import { accessFromConfig } from '@tracecal/ledger/policy';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { Block } from '@tracecal/ledger/wire';
import type { TrustedChannel } from '../client/trust/channel.js';
import { configurationFor } from '../proof/verify/configurations.js';
import { demandEndorsers } from '../proof/verify/endorsedCall.js';
import { carried } from '../proof/verify/shown.js';

interface InForce {
  readonly config: TrustedConfig;
  readonly access: ChannelAccess;
}

/** The configurations of a channel, each verified once for all blocks that were made under it. */
export class Configurations {
  readonly #channel: TrustedChannel;
  readonly #blocks: readonly Uint8Array[];
  readonly #known = new Map<string, InForce>();
  #numbers: { readonly pinned: number; readonly all: readonly number[] } | undefined;

  constructor(blocks: readonly Uint8Array[], channel: TrustedChannel) {
    this.#blocks = blocks;
    this.#channel = channel;
  }

  /** The configuration under which a block was made. @throws NotShown */
  of(block: Uint8Array): InForce {
    return carried('its configurations are not accepted', () => {
      const number = Block.decode(block).header?.number ?? 0;
      const { pinned, all } = (this.#numbers ??= this.#read());
      const before = this.#blocks.filter((_, place) => (all[place] ?? NaN) < number);
      const key = `${before.length} ${number <= pinned}`;
      const known = this.#known.get(key);
      if (known) return known;
      const config = configurationFor(block, before, this.#channel);
      const access = accessFromConfig(config.channelId, config.config);
      demandEndorsers(access);
      const found = { config, access };
      this.#known.set(key, found);
      return found;
    });
  }

  #read() {
    const pinned = Buffer.from(this.#channel.configuration, 'base64');
    return { pinned: readConfigBlock(pinned).number, all: this.#blocks.map((each) => readConfigBlock(each).number) };
  }
}
