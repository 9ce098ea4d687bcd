import { ledger } from '@hyperledger/fabric-protos';
import { encodePlace, decodePlace } from './keys.js';
import type { Version } from './version.js';

/** A committed value: public, private, or (with the SHA-256 for a value) the hash of a private one. */
export interface StateRecord {
  readonly version: Version;
  readonly value: Uint8Array;
  /** Serialised `kvrwset.KVMetadataWrite`, empty when there is none. */
  readonly metadata: Uint8Array;
}

const VERSION_LENGTH = 12;
const HEAD_LENGTH = VERSION_LENGTH + 4;
export const NO_BYTES: Uint8Array = Buffer.alloc(0);

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

export const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER';

export function encodeMetadata(entries: readonly ledger.rwset.kvrwset.KVMetadataEntry[]): Uint8Array {
  if (entries.length === 0) {
    return NO_BYTES;
  }
  const message = new ledger.rwset.kvrwset.KVMetadataWrite();
  message.setEntriesList([...entries]);
  return message.serializeBinary();
}

export function decodeMetadata(metadata: Uint8Array | undefined): Map<string, Uint8Array> {
  const entries = new Map<string, Uint8Array>();
  if (metadata === undefined || metadata.length === 0) {
    return entries;
  }
  for (const entry of ledger.rwset.kvrwset.KVMetadataWrite.deserializeBinary(metadata).getEntriesList()) {
    entries.set(entry.getName(), entry.getValue_asU8());
  }
  return entries;
}

/** The endorsement policy of a key of its own: a serialised `common.SignaturePolicyEnvelope`. */
export function keyPolicy(record: StateRecord | undefined): Uint8Array | undefined {
  const policy = decodeMetadata(record?.metadata).get(VALIDATION_PARAMETER);
  return policy !== undefined && policy.length > 0 ? policy : undefined;
}
