import type { SignedData } from '../identity/index.js';
import {
  concatenate,
  ConfigUpdate,
  ConfigUpdateEnvelope,
  Destination,
  Envelope,
  HEADER_TYPE,
  Payload,
  SignatureHeader,
  type ConfigGroup,
} from '../wire/index.js';
import { ConfigError } from './errors.js';

/** What a config update read, what it writes, and who signed it. */
export interface SignedUpdate {
  readonly read: ConfigGroup | undefined;
  readonly written: ConfigGroup | undefined;
  readonly signed: readonly SignedData[];
}

/**
 * Reads a serialised envelope of type CONFIG_UPDATE, in any form that Fabric reads: signatures are over the bytes as they were sent, and
 * whoever is stricter stops at a block that all peers took.
 * @throws ConfigError BAD_UPDATE
 */
export function readUpdate(channelId: string, envelope: Uint8Array): SignedUpdate {
  const { update, signed } = understood(envelope);
  if (update.channelId !== channelId) {
    throw new ConfigError('BAD_UPDATE', `The update is for another channel than ${channelId}.`);
  }
  const { readSet: read, writeSet: written } = update;
  return { read, written, signed };
}

function understood(envelope: Uint8Array) {
  try {
    const { header, data } = Payload.decode(Envelope.decode(envelope).payload);
    if (header === undefined || Destination.decode(header.channelHeader).type !== HEADER_TYPE.configUpdate) {
      throw new Error('the envelope is of another type');
    }
    const { configUpdate, signatures } = ConfigUpdateEnvelope.decode(data);
    const signed = signatures.map(({ signatureHeader, signature }) => ({
      data: concatenate(signatureHeader, configUpdate),
      identity: SignatureHeader.decode(signatureHeader).creator,
      signature,
    }));
    return { update: ConfigUpdate.decode(configUpdate), signed };
  } catch (cause) {
    throw new ConfigError('BAD_UPDATE', 'The envelope holds no config update.', { cause });
  }
}
