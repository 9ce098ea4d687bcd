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
  readonly read: ConfigGroup;
  readonly written: ConfigGroup;
  readonly signed: readonly SignedData[];
}

/**
 * Reads a serialised envelope of type CONFIG_UPDATE. The bytes that an administrator signs do not mark where the signature
 * header ends and the update starts. So both must be in canonical form, or bytes could move from one to the other.
 * @throws ConfigError BAD_UPDATE
 */
export function readUpdate(channelId: string, envelope: Uint8Array): SignedUpdate {
  const { update, signed } = understood(envelope);
  if (update.channelId !== channelId) {
    throw new ConfigError('BAD_UPDATE', `The update is for another channel than ${channelId}.`);
  }
  const { readSet, writeSet } = update;
  if (readSet === undefined || writeSet === undefined) {
    throw new ConfigError('BAD_UPDATE', 'The update does not say what it read or what it writes.');
  }
  return { read: readSet, written: writeSet, signed };
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
      identity: SignatureHeader.decodeExact(signatureHeader).creator,
      signature,
    }));
    return { update: ConfigUpdate.decodeExact(configUpdate), signed };
  } catch (cause) {
    throw new ConfigError('BAD_UPDATE', 'The envelope holds no config update.', { cause });
  }
}
