import { createHash } from 'node:crypto';
import type { StateRecord } from '@tracecal/ledger/validation';
import { clientError } from '../client/errors.js';

const VERSION_BYTES = 12;
const HEAD_BYTES = VERSION_BYTES + 4;
const CHECKSUM_BYTES = 8;

/** Version, length of the metadata, metadata, value, checksum. */
export function encodeRecord({ version, metadata, value }: StateRecord): Uint8Array {
  const end = HEAD_BYTES + metadata.length + value.length;
  const bytes = Buffer.alloc(end + CHECKSUM_BYTES);
  bytes.writeBigUInt64BE(BigInt(version.block));
  bytes.writeUInt32BE(version.transaction, 8);
  bytes.writeUInt32BE(metadata.length, VERSION_BYTES);
  bytes.set(metadata, HEAD_BYTES);
  bytes.set(value, HEAD_BYTES + metadata.length);
  bytes.set(checksum(bytes.subarray(0, end)), end);
  return bytes;
}

/**
 * The database checks no checksums of its own, and a disk that loses a bit must not change a verdict.
 *
 * @throws TraceCalError `REPLICA_DAMAGED`
 */
export function decodeRecord(stored: Uint8Array): StateRecord {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const end = bytes.length - CHECKSUM_BYTES;
  const metadataEnd = end < HEAD_BYTES ? Infinity : HEAD_BYTES + bytes.readUInt32BE(VERSION_BYTES);
  if (metadataEnd > end || !checksum(bytes.subarray(0, end)).equals(bytes.subarray(end))) {
    throw clientError('REPLICA_DAMAGED', 'An entry of its state is not what was written.');
  }
  return {
    version: { block: Number(bytes.readBigUInt64BE()), transaction: bytes.readUInt32BE(8) },
    metadata: bytes.subarray(HEAD_BYTES, metadataEnd),
    value: bytes.subarray(metadataEnd, end),
  };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}
