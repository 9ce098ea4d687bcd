import { utf8Bytes } from '@tracecal/core/platform';
import { concatenate, KvMetadataWrite, NO_BYTES, type KvMetadataEntry } from '../wire/index.js';
import type { Version } from './version.js';

/** A committed value: public, private, or the hash of a private one (its value is then a SHA-256). */
export interface StateRecord {
  readonly version: Version;
  readonly value: Uint8Array;
  /** Serialised `kvrwset.KVMetadataWrite`, empty when there is none. */
  readonly metadata: Uint8Array;
}

/** The state that the rules read, from a database or a map. Places are those of `stateKey` and `hashKey`. */
export interface CommittedState {
  record(place: Uint8Array): StateRecord | undefined;
  /** In the order of the places' bytes. */
  records(range: PlaceRange): AsyncIterable<readonly [place: Uint8Array, record: StateRecord]>;
}

export interface PlaceRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
}

const END_OF_PART = '\0';

/** The place of a public key's state, so that byte order is Fabric's order of keys. */
export function stateKey(namespace: string, key: string): Uint8Array {
  return utf8Bytes(`s${namespace}${END_OF_PART}${key}`);
}

/** The end of a namespace's keys: the first byte string after all of them. */
export function stateEnd(namespace: string): Uint8Array {
  return utf8Bytes(`s${namespace}\x01`);
}

/** The place of a hash of private state; every member of the channel has these hashes. */
export function hashKey(namespace: string, collection: string, keyHash: Uint8Array): Uint8Array {
  return concatenate(utf8Bytes(`h${namespace}${END_OF_PART}${collection}${END_OF_PART}`), keyHash);
}

export const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER';

export function encodeMetadata(entries: readonly KvMetadataEntry[]): Uint8Array {
  return entries.length === 0 ? NO_BYTES : KvMetadataWrite.encode({ entries });
}

export function decodeMetadata(metadata: Uint8Array | undefined): Map<string, Uint8Array> {
  if (metadata === undefined || metadata.length === 0) return new Map();
  return new Map(KvMetadataWrite.decode(metadata).entries.map(({ name, value }) => [name, value]));
}

/** The key's own endorsement policy: a serialised `common.SignaturePolicyEnvelope`. */
export function keyPolicy(record: StateRecord | undefined): Uint8Array | undefined {
  const policy = decodeMetadata(record?.metadata).get(VALIDATION_PARAMETER);
  return policy !== undefined && policy.length > 0 ? policy : undefined;
}
