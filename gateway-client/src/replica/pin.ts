import { BlockError, readConfigBlock, trustConfigBlock } from '@tracecal/ledger/block';
import { parseEnvelope } from '@tracecal/ledger/validation';
import { Block } from '@tracecal/ledger/wire';
import { readBounded, whyUnreadable } from '../files/index.js';
import { clientError } from '../client/errors.js';
import { configurationBlock, configurationOf } from '../client/trust/channel.js';
import type { Trust } from '../client/trust/trust.js';
import { inForce } from '../client/trust/validity.js';
import type { Received } from './blockSource.js';
import { hashOf } from './chain.js';
import type { Reads } from './database.js';
import { hashBytes, headerKey } from './place.js';
import type { Place } from './place.js';

/** A block that the asker has from another source than the peers, by the hash of its header. */
export interface Pin {
  readonly number: number;
  /** SHA-256 in lower-case hexadecimal. */
  readonly hash: string;
}

const MAX_BYTES = 104_857_600;

/**
 * The block that somebody vouches for: the hash of the first block's header, or the file of a configuration block.
 *
 * @param given - 64 hexadecimal digits, or the path of a file.
 * @throws TraceCalError `PIN_INVALID`
 */
export async function readPin(given: string): Promise<Pin> {
  if (/^[0-9a-f]{64}$/i.test(given)) return { number: 0, hash: given.toLowerCase() };
  const bytes = await readBounded(given, MAX_BYTES).catch((cause: unknown) => {
    throw clientError('PIN_INVALID', whyUnreadable(given, cause), { cause });
  });
  try {
    return { number: readConfigBlock(bytes).number, hash: hashOf(Block.decode(bytes)) };
  } catch (cause) {
    throw clientError('PIN_INVALID', `${given} is not a configuration block.`, { cause });
  }
}

/**
 * The blocks that a trust file vouches for: the channel's first one, and that of its newest known configuration. All blocks before that
 * one follow from its hash once a replica has it.
 *
 * @param name - The channel that is followed.
 * @throws TraceCalError `TRUST_INVALID` if the trust names no channel or may not be used now, `OTHER_CHANNEL`
 */
export function pinsOf(trust: Trust, name: string): readonly Pin[] {
  const { channel } = inForce(trust);
  if (channel === undefined) {
    throw clientError('TRUST_INVALID', 'It names no channel: have one exported from the network.');
  }
  if (channel.name !== name) {
    throw clientError('OTHER_CHANNEL', `You trust the channel ${channel.name}, and ${name} is followed.`);
  }
  try {
    const { number } = configurationOf(channel);
    return [
      { number: 0, hash: channel.genesis },
      { number, hash: hashOf(configurationBlock(channel)) },
    ];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw clientError('TRUST_INVALID', `channel cannot be read: ${why}`, { cause });
  }
}

/** Block 0, if it may be believed. Nobody has signed it. @throws TraceCalError `BLOCK_FORGED`, `OTHER_CHANNEL` */
export function firstBlock(
  { peer, bytes, block }: Received,
  channel: string,
): { readonly hash: string; readonly txIds: readonly string[] } {
  const hash = hashOf(block);
  try {
    const { channelId } = trustConfigBlock(bytes, hashBytes(hash));
    if (channelId !== channel) throw clientError('OTHER_CHANNEL', `The peer of ${peer} sent blocks of ${channelId}.`);
  } catch (cause) {
    if (!(cause instanceof BlockError)) throw cause;
    throw clientError('BLOCK_FORGED', `Block 0 from the peer of ${peer}: ${cause.message}`, { cause });
  }
  const txIds = (block.data?.data ?? []).map((envelope) => parseEnvelope(envelope).txId);
  return { hash, txIds };
}

/** Whether the asker vouches for a block that a peer has sent. @throws TraceCalError `OTHER_CHANNEL` if for another one in its place */
export function isVouchedFor({ peer, block }: Received, pins: readonly Pin[]): boolean {
  const number = block.header?.number ?? 0;
  const hash = hashOf(block);
  const own = pins.filter((pin) => pin.number === number);
  if (own.some((pin) => pin.hash !== hash)) throw other(`Block ${number} from the peer of ${peer}`, hash);
  return own.length > 0;
}

/**
 * Whether the asker vouches for what a replica has. Blocks that it has not reached say nothing yet.
 * @throws TraceCalError `OTHER_CHANNEL` if the asker vouches for another chain
 */
export function isVouchedHeld(reads: Pick<Reads, 'get'>, { height }: Place, pins: readonly Pin[]): boolean {
  const own = pins.filter(({ number }) => number < height);
  for (const { number, hash } of own) {
    const held = reads.get(headerKey(number));
    const found = held === undefined ? '' : hashOf(Block.decode(held));
    if (found !== hash) throw other(`Block ${number} of the replica`, found);
  }
  return own.length > 0;
}

/** @throws TraceCalError `OTHER_CHANNEL` if a replica is of another chain than the trusted one, `REPLICA_BEHIND` */
export function requireTrusted(reads: Pick<Reads, 'get'>, place: Place, trust: Trust): void {
  const pins = pinsOf(trust, place.channel);
  isVouchedHeld(reads, place, pins);
  const missing = pins.find(({ number }) => number >= place.height);
  if (missing === undefined) return;
  throw clientError('REPLICA_BEHIND', `It has ${place.height} blocks, and you trust block ${missing.number}.`);
}

function other(what: string, hash: string) {
  return clientError('OTHER_CHANNEL', `${what} has the hash ${hash}, not the one that you trust.`);
}
