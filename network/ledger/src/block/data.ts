import { Destination, Envelope, HEADER_TYPE, Payload, sameBytes, type BlockHeader } from '../wire/index.js';
import { BlockError } from './errors.js';
import { dataHash } from './hashes.js';

/**
 * Checks the envelopes of a block: the header was made for exactly these envelopes, and they belong to this channel. The
 * hash covers the bytes of all envelopes together, so each must be in the form in which Fabric's peers require it; otherwise the same
 * bytes could be divided into other envelopes. The header does not name the channel, and orderers sign the blocks of several channels with
 * one key: only the envelopes name it.
 * @returns Whether it is a config block.
 * @throws BlockError WRONG_DATA
 */
export function checkData(header: BlockHeader, envelopes: readonly Uint8Array[], channelId: string): boolean {
  const wrong = (why: string, cause?: unknown): BlockError =>
    new BlockError('WRONG_DATA', `Block ${header.number} ${why}.`, cause === undefined ? {} : { cause });
  if (envelopes.length === 0) throw wrong('is empty');
  if (!sameBytes(dataHash(envelopes), header.dataHash))
    throw wrong('has other transactions than its header was made for');
  const types = envelopes.map((envelope) => {
    try {
      return typeOf(envelope, channelId, header.number === 0);
    } catch (cause) {
      throw wrong('has a transaction that is malformed or of another channel', cause);
    }
  });
  const isConfig = types.includes(HEADER_TYPE.config);
  if (isConfig && types.length > 1) throw wrong('has a configuration that does not stand alone');
  return isConfig;
}

function typeOf(bytes: Uint8Array, channelId: string, isFirst: boolean): number {
  const { payload, signature } = Envelope.decodeWellFormed(bytes);
  // Nobody signs the first block.
  if (payload.length === 0 || (signature.length === 0 && !isFirst))
    throw new Error('a part of the envelope is missing');
  const { header } = Payload.decode(payload);
  if (header === undefined) throw new Error('the envelope has no header');
  const destination = Destination.decode(header.channelHeader);
  if (destination.channelId !== channelId) throw new Error('the envelope is of another channel');
  return destination.type;
}
