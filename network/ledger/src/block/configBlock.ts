import { Block, Config, ConfigEnvelope, Destination, Envelope, HEADER_TYPE, Payload } from '../wire/index.js';
import { BlockError } from './errors.js';

/** A parsed config block. */
export interface ConfigBlock {
  readonly channelId: string;
  readonly number: number;
  /** A serialised `common.Config`. */
  readonly config: Uint8Array;
  /** The update that produced it, a serialised `common.Envelope`; empty for the first configuration. */
  readonly lastUpdate: Uint8Array;
}

/**
 * Parses a serialised config block; a genesis block is one.
 * @throws BlockError MALFORMED_BLOCK if its first envelope is not a configuration.
 */
export function readConfigBlock(bytes: Uint8Array): ConfigBlock {
  try {
    return configOf(Block.decode(bytes));
  } catch (cause) {
    throw new BlockError('MALFORMED_BLOCK', 'The block is not a config block.', { cause });
  }
}

function configOf({ header, data }: Block): ConfigBlock {
  const [envelope] = present(data).data;
  const payload = Payload.decodeExact(Envelope.decodeExact(present(envelope)).payload);
  const { type, channelId } = Destination.decode(present(payload.header).channelHeader);
  if (type !== HEADER_TYPE.config) throw new Error('the envelope is of another type');
  const { config, lastUpdate } = ConfigEnvelope.decodeExact(payload.data);
  if (Config.decode(config).channelGroup === undefined) throw new Error('the configuration is empty');
  return { channelId, number: present(header).number, config, lastUpdate };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a part is missing');
  return value;
}
