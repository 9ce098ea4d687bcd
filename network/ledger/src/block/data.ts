import { ChannelHeader, Envelope, HEADER_TYPE, Payload, sameBytes, type BlockHeader } from '../wire/index.js';
import { BlockError } from './errors.js';
import { dataHash } from './hashes.js';

/**
 * Checks the envelopes of a block: that the header was made for them, cut as they are, and that they are of this channel. The
 * hash is over all of their bytes together, so that each must be in the one canonical form, or a block could be cut anew. The
 * header does not name the channel, and orderers sign the blocks of several with one key: only its envelopes do.
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
  const { payload, signature } = Envelope.decodeExact(bytes);
  // Nobody signs the first block.
  if (payload.length === 0 || (signature.length === 0 && !isFirst))
    throw new Error('a part of the envelope is missing');
  const { header } = Payload.decode(payload);
  if (header === undefined) throw new Error('the envelope has no header');
  const channelHeader = ChannelHeader.decode(header.channelHeader);
  if (channelHeader.channelId !== channelId) throw new Error('the envelope is of another channel');
  return channelHeader.type;
}
