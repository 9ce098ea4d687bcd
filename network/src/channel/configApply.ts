import { common } from '@hyperledger/fabric-protos';
import { applyConfigUpdate as apply, ConfigError } from '@tracecal/ledger/config';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { Config } from '@tracecal/ledger/wire';
import { ChannelError } from './errors.js';

/**
 * Applies a signed config update (an envelope of type CONFIG_UPDATE) to a channel's configuration, like an orderer.
 * @returns The next configuration, together with the update.
 * @throws ChannelError BAD_UPDATE when it is malformed or does not fit, UPDATE_REFUSED when signatures are missing.
 */
export function applyConfigUpdate(access: ChannelAccess, update: common.Envelope): common.ConfigEnvelope {
  const result = new common.ConfigEnvelope();
  result.setConfig(common.Config.deserializeBinary(next(access, update.serializeBinary())));
  result.setLastUpdate(update);
  return result;
}

function next(access: ChannelAccess, update: Uint8Array): Uint8Array {
  try {
    return Config.encode(apply(access, update));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ChannelError(error.code, error.message, error);
  }
}
