import { AccessError } from '../identity/index.js';
import { accessFromConfig, type AccessOptions, type ChannelAccess } from '../policy/index.js';
import { readConfigBlock, type ConfigBlock } from './configBlock.js';

/**
 * Access rules of a channel, from a serialised config block.
 * @throws AccessError MALFORMED_CONFIG if Fabric would refuse the configuration.
 */
export function accessFromBlock(block: Uint8Array, options: AccessOptions = {}): ChannelAccess {
  const { channelId, config } = read(block);
  return accessFromConfig(channelId, config, options);
}

function read(block: Uint8Array): ConfigBlock {
  try {
    return readConfigBlock(block);
  } catch (cause) {
    throw new AccessError('MALFORMED_CONFIG', 'The block is not a config block.', { cause });
  }
}
