import { hexBytes, utf8Bytes, utf8Text } from '@tracecal/core/platform';
import { z } from 'zod';
import { clientError } from '../client/errors.js';
import type { Reads, Write } from './database.js';

/** How far a replica has come. Written together with the state of its last block. */
export interface Place {
  readonly channel: string;
  /** Header hash of block 0, in hexadecimal. */
  readonly genesis: string;
  /**
   * Whether the asker has vouched for the chain, by the hash of a block that the replica has reached. Otherwise its first block is
   * whatever the first peer sent.
   */
  readonly isPinned: boolean;
  /** Number of blocks. */
  readonly height: number;
  /** Header hash of the last block, in hexadecimal. */
  readonly newest: string;
  /**
   * Hash over all state changes, in hexadecimal, for each peer that sent the last block; none after block 0. It holds each peer's own words
   * about invalid transactions, which nobody signs, so it says nothing about another peer.
   */
  readonly commitHashes: Readonly<Record<string, string>>;
  /** Number of the block with the configuration in force. */
  readonly configBlock: number;
}

const FORMAT = 1;

const hash = z.string().regex(/^(?:[0-9a-f]{64})?$/);
const schema = z.strictObject({
  format: z.literal(FORMAT),
  place: z.strictObject({
    channel: z.string(),
    genesis: hash,
    isPinned: z.boolean(),
    height: z.int().positive(),
    newest: hash,
    commitHashes: z.record(z.string(), hash),
    configBlock: z.int().nonnegative(),
  }),
});

/*
 * Keys of a replica's database. `s` and `h`, public state and hashes of private state, are the places of the validation rules.
 */
const PLACE_KEY = utf8Bytes('m');
export const CONFIG_KEY = utf8Bytes('c');

export function transactionKey(txId: string): Uint8Array {
  return utf8Bytes(`t${txId}`);
}

/** A block without its data. */
export function headerKey(number: number): Uint8Array {
  const key = Buffer.alloc(9);
  key.write('b', 'latin1');
  key.writeBigUInt64BE(BigInt(number), 1);
  return key;
}

export function placeWrite(place: Place): Write {
  return { key: PLACE_KEY, value: utf8Bytes(JSON.stringify({ format: FORMAT, place })) };
}

/** Undefined in a new replica. @throws TraceCalError `REPLICA_DAMAGED` */
export function readPlace(reads: Pick<Reads, 'get'>): Place | undefined {
  const bytes = reads.get(PLACE_KEY);
  if (bytes === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(utf8Text(bytes) ?? '')).place;
  } catch (cause) {
    throw clientError('REPLICA_DAMAGED', 'It does not say how far it has come.', { cause });
  }
}

/** @throws TraceCalError `REPLICA_MISSING` in a new replica */
export function requirePlace(reads: Pick<Reads, 'get'>, directory: string): Place {
  const place = readPlace(reads);
  if (place === undefined) throw clientError('REPLICA_MISSING', `${directory} holds no block yet.`);
  return place;
}

export function hashBytes(hex: string): Uint8Array {
  return hexBytes(hex) ?? new Uint8Array();
}
