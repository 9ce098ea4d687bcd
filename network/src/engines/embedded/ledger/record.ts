import type { StateRecord } from '@tracecal/ledger/validation';
import { encodePlace, decodePlace } from './keys.js';

const VERSION_LENGTH = 12;
const HEAD_LENGTH = VERSION_LENGTH + 4;

export function encodeRecord(record: StateRecord): Buffer {
  const metadataLength = Buffer.alloc(4);
  metadataLength.writeUInt32BE(record.metadata.length);
  const version = encodePlace(record.version.block, record.version.transaction);
  return Buffer.concat([version, metadataLength, record.metadata, record.value]);
}

export function decodeRecord(bytes: Buffer): StateRecord {
  const metadataLength = bytes.readUInt32BE(VERSION_LENGTH);
  return {
    version: decodePlace(bytes),
    metadata: bytes.subarray(HEAD_LENGTH, HEAD_LENGTH + metadataLength),
    value: bytes.subarray(HEAD_LENGTH + metadataLength),
  };
}
