import { applyConfigUpdate, ConfigError, sameConfig } from '../config/index.js';
import { accessFromConfig } from '../policy/index.js';
import { Config } from '../wire/index.js';
import type { ConfigBlock } from './configBlock.js';
import { BlockError } from './errors.js';

/**
 * Checks that a configuration is exactly the result of its last update applied to the previous configuration, and that the
 * administrators required by the previous configuration signed this update.
 * @throws BlockError WRONG_CONFIG, UNSIGNED_CONFIG
 */
export function checkLeadsTo(
  { number, config, lastUpdate }: ConfigBlock,
  before: Pick<ConfigBlock, 'channelId' | 'number' | 'config'>,
): void {
  try {
    const derived = applyConfigUpdate(accessFromConfig(before.channelId, before.config), lastUpdate);
    // An unknown part would be a part that nobody compared.
    if (!sameConfig(Config.decodeExact(config), derived)) throw new Error('it leads to another configuration');
  } catch (cause) {
    if (cause instanceof ConfigError && cause.code === 'UPDATE_REFUSED') {
      throw new BlockError(
        'UNSIGNED_CONFIG',
        `Block ${number} brings a configuration that the administrators of block ${before.number} did not sign.`,
        { cause },
      );
    }
    throw new BlockError(
      'WRONG_CONFIG',
      `Block ${number} brings a configuration to which its update does not lead from that of block ${before.number}.`,
      { cause },
    );
  }
}
