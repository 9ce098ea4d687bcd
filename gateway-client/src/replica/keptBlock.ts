import { createHash } from 'node:crypto';
import { dataHash } from '@tracecal/ledger/block';
import { Block, sameBytes } from '@tracecal/ledger/wire';
import { hexText } from '@tracecal/core/platform';
import { clientError } from '../client/errors.js';
import { hashOf } from './chain.js';
import type { Reads, Write } from './database.js';

/** A block that was verified: its place, its orderers, and which of its transactions are valid. */
export interface CheckedBlock {
  readonly number: number;
  /** Of its header, in hexadecimal. */
  readonly hash: string;
  /** For each transaction the code that was found again (0 is valid): nobody signs those that a peer states. */
  readonly codes: readonly number[];
  /** As a peer sent it. */
  readonly bytes: Uint8Array;
}

const COUNT_BYTES = 4;
const CHECKSUM_BYTES = 8;

export function keptBlockKey(number: number): Uint8Array {
  const key = Buffer.alloc(9);
  key.write('d', 'latin1');
  key.writeBigUInt64BE(BigInt(number), 1);
  return key;
}

/** Number of codes, codes, block, checksum. */
export function keptBlockWrite({ number, codes, bytes }: CheckedBlock): Write {
  const head = Buffer.alloc(COUNT_BYTES + codes.length);
  head.writeUInt32BE(codes.length);
  head.set(codes, COUNT_BYTES);
  const value = Buffer.concat([head, bytes]);
  return { key: keptBlockKey(number), value: Buffer.concat([value, checksum(value)]) };
}

/**
 * A block as the replica took it.
 *
 * @param before The hash of the block before; empty for the first one.
 * @throws TraceCalError `REPLICA_WITHOUT_BLOCKS`, `REPLICA_DAMAGED`
 */
export function keptBlock(reads: Pick<Reads, 'get'>, number: number, before: string): CheckedBlock {
  const stored = reads.get(keptBlockKey(number));
  if (stored === undefined) throw clientError('REPLICA_WITHOUT_BLOCKS');
  const value = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const end = value.length - CHECKSUM_BYTES;
  const start = COUNT_BYTES + (end < COUNT_BYTES ? 0 : value.readUInt32BE(0));
  if (start > end || !sameBytes(checksum(value.subarray(0, end)), value.subarray(end))) throw damaged(number);
  const bytes = new Uint8Array(value.subarray(start, end));
  const block = Block.decode(bytes);
  const { header, data } = block;
  const continues =
    header?.number === number &&
    (before === '' || hexText(header.previousHash) === before) &&
    sameBytes(dataHash(data?.data ?? []), header.dataHash);
  if (!continues) throw damaged(number);
  return { number, hash: hashOf(block), codes: [...value.subarray(COUNT_BYTES, start)], bytes };
}

function damaged(number: number) {
  return clientError('REPLICA_DAMAGED', `Block ${number} is not what was written.`);
}

function checksum(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}
