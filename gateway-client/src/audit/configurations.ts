import type { TrustedConfig } from '@tracecal/ledger/block';
import { accessFromConfig } from '@tracecal/ledger/policy';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { configurationOf } from '../client/trust/channel.js';
import type { TrustedChannel } from '../client/trust/channel.js';
import { Succession } from '../proof/verify/configurations.js';
import { demandEndorsers } from '../proof/verify/endorsedCall.js';
import { carried } from '../proof/verify/shown.js';

interface InForce {
  readonly config: TrustedConfig;
  readonly access: ChannelAccess;
}

/** The configurations of a channel, each verified once for all blocks that were made under it. */
export class Configurations {
  readonly #pinned: TrustedConfig;
  readonly #older: Succession;
  readonly #newer: Succession;
  #last: InForce | undefined;

  /** @throws NotShown if the trusted channel contradicts itself */
  constructor(blocks: readonly Uint8Array[], channel: TrustedChannel, onEach?: () => void) {
    this.#pinned = carried('the configuration that you trust is not accepted', () => configurationOf(channel));
    this.#older = new Succession(blocks, channel, undefined, onEach);
    this.#newer = new Succession(blocks, channel, this.#pinned, onEach);
  }

  /** The configuration under which the block of this number was made; blocks come in their order. @throws NotShown */
  of(number: number): InForce {
    const config = (number <= this.#pinned.number ? this.#older : this.#newer).before(number);
    if (this.#last?.config === config) return this.#last;
    const access = accessFromConfig(config.channelId, config.config);
    carried('its configurations are not accepted', () => {
      demandEndorsers(access);
    });
    this.#last = { config, access };
    return this.#last;
  }
}
