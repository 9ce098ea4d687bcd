import type { StateRecord } from '@tracecal/ledger/validation';

const VERSION_BYTES = 12;
const HEAD_BYTES = VERSION_BYTES + 4;

/** Version, length of the metadata, metadata, value. */
export function encodeRecord({ version, metadata, value }: StateRecord): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + metadata.length + value.length);
  bytes.writeBigUInt64BE(BigInt(version.block));
  bytes.writeUInt32BE(version.transaction, 8);
  bytes.writeUInt32BE(metadata.length, VERSION_BYTES);
  bytes.set(metadata, HEAD_BYTES);
  bytes.set(value, HEAD_BYTES + metadata.length);
  return bytes;
}

export function decodeRecord(stored: Uint8Array): StateRecord {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const metadataEnd = HEAD_BYTES + bytes.readUInt32BE(VERSION_BYTES);
  return {
    version: { block: Number(bytes.readBigUInt64BE()), transaction: bytes.readUInt32BE(8) },
    metadata: bytes.subarray(HEAD_BYTES, metadataEnd),
    value: bytes.subarray(metadataEnd),
  };
}
