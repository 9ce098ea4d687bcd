import { utf8Bytes } from '@tracecal/core/platform';
import { concatenate, keyOf, KvMetadataWrite, NO_BYTES, type KvMetadataEntry } from '../wire/index.js';
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

/** A key as a transaction names it: public, or the hash of a private one in a collection. */
export interface NamedKey {
  readonly namespace: string;
  /** Empty for public state. */
  readonly collection: string;
  /** UTF-8 bytes of a public key, or a key hash. Whoever makes a transaction by hand can name any bytes. */
  readonly key: Uint8Array;
}

const END_OF_PART = '\0';
/** With these Fabric makes a namespace of the hashes of a collection, beside the chaincodes' own: `registry$$hprices`. */
const HASHES_OF = '$$h';

/** The place of a public key's state, so that byte order is Fabric's order of keys. */
export function stateKey(namespace: string, key: string): Uint8Array {
  return placeIn(namespace, utf8Bytes(key));
}

/** The end of a namespace's keys: the first byte string after all of them. */
export function stateEnd(namespace: string): Uint8Array {
  const end = placeIn(namespace, NO_BYTES);
  end[end.length - 1] = 1;
  return end;
}

/** The place of a hash of private state; every member of the channel has these hashes. */
export function hashKey(namespace: string, collection: string, keyHash: Uint8Array): Uint8Array {
  return placeIn(`${namespace}${HASHES_OF}${collection}`, keyHash);
}

/** Tells names apart, also those of one place. */
export function idOf({ namespace, collection, key }: NamedKey): string {
  return `${namespace.length} ${collection.length} ${namespace}${collection}${keyOf(key)}`;
}

export function placeOf({ namespace, collection, key }: NamedKey): Uint8Array {
  return collection === '' ? placeIn(namespace, key) : hashKey(namespace, collection, key);
}

/**
 * Fabric has one table for everything, by NAMESPACE NUL KEY. So a public read of the namespace `registry$$hprices` reaches the hashes of
 * that collection, and one of a namespace with a NUL reaches the keys of what stands before it. (Values of private keys are in the table
 * too, after `$$p`, but only at those who have them: they are not here, as at the peers of everybody else.)
 */
function placeIn(namespace: string, key: Uint8Array): Uint8Array {
  if (last.namespace !== namespace) last = { namespace, beginning: beginningOf(namespace) };
  return concatenate(last.beginning, key);
}

/** Nearly all keys follow one of the same namespace. Only one is kept: whoever makes a transaction by hand can name any. */
let last = { namespace: '', beginning: beginningOf('') };

function beginningOf(namespace: string): Uint8Array {
  const [table = '', ...beginning] = namespace.split(END_OF_PART);
  const at = table.indexOf(HASHES_OF);
  const parts = at < 0 ? [`s${table}`] : [`h${table.slice(0, at)}`, table.slice(at + HASHES_OF.length)];
  return utf8Bytes([...parts, ...beginning, ''].join(END_OF_PART));
}

/** The key that Fabric finds at a place: all that follows the name of its table. */
export function keyAt(place: Uint8Array): Uint8Array {
  const isHash = place[0] === HASH_PLACE;
  const first = place.indexOf(0);
  return place.subarray((isHash ? place.indexOf(0, first + 1) : first) + 1);
}

const HASH_PLACE = 'h'.charCodeAt(0);

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
