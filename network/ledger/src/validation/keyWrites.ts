import { utf8Bytes } from '@tracecal/core/platform';
import { NO_BYTES } from '../wire/index.js';
import { deletes, deletesHash, type NamespaceReadWriteSet } from './rwset.js';
import { encodeMetadata, idOf, placeOf, type NamedKey, type StateRecord } from './state.js';

/** All that one transaction writes of one key. */
export interface KeyWrites extends NamedKey {
  readonly place: Uint8Array;
  /** What the writes add up to, in a byte. */
  readonly sum: number;
  /** The last one that is written. */
  readonly value: Uint8Array | undefined;
  /** The last one that is written, whatever was removed after it. */
  readonly metadata: Uint8Array;
}

type Content = Pick<StateRecord, 'value' | 'metadata'>;

/** What a write adds. Fabric means them as flags, and adds them up all the same. */
const ADDS = { value: 1, metadata: 2, removalOfMetadata: 4, deletion: 8 } as const;
const BYTE = 0xff;

/**
 * What becomes of a key, by the sum of its writes. The first line that fits counts; the order of the writes does not matter.
 *
 * | In the sum                | The value             | Its metadata          |
 * | ------------------------- | --------------------- | --------------------- |
 * | 8                         | is deleted            | is deleted            |
 * | 1, and 2 or 4             | becomes the last one  | becomes the last one, or none |
 * | at most 1                 | becomes the last one  | stays                 |
 * | anything else             | stays, in a new version; without one, nothing happens | becomes the last one, or none |
 *
 * Who writes a key once, as every library does, gets what he expects. Two values make 2 and are none, three make 3 and remove the metadata,
 * eight delete the key, two deletions make 16 and delete nothing.
 */
export function recordAfter(writes: KeyWrites, before: StateRecord | undefined): Content | 'deleted' | 'unchanged' {
  const { sum, value, metadata } = writes;
  const has = (bits: number): boolean => (sum & bits) !== 0;
  if (has(ADDS.deletion)) return 'deleted';
  if (has(ADDS.value) && has(ADDS.metadata | ADDS.removalOfMetadata)) return withValue(value, metadata);
  if (sum <= ADDS.value) return withValue(value, before?.metadata ?? NO_BYTES);
  return withValue(before?.value, metadata);
}

/** Without a value nothing can be stored. Where Fabric finds this out last, no peer survives the block. */
function withValue(value: Uint8Array | undefined, metadata: Uint8Array): Content | 'unchanged' {
  return value === undefined ? 'unchanged' : { value, metadata };
}

/** The writes of a transaction, key by key. */
export function keyWritesIn(sets: readonly NamespaceReadWriteSet[]): Iterable<KeyWrites> {
  const found = new Map<string, KeyWrites>();
  const add = (named: NamedKey, adds: number, last: Partial<Pick<KeyWrites, 'value' | 'metadata'>> = {}): void => {
    const id = idOf(named);
    const before = found.get(id) ?? { ...named, place: placeOf(named), sum: 0, value: undefined, metadata: NO_BYTES };
    found.set(id, { ...before, ...last, sum: (before.sum + adds) & BYTE });
  };
  const addValue = (named: NamedKey, value: Uint8Array, isDeletion: boolean): void => {
    if (isDeletion) add(named, ADDS.deletion);
    else add(named, ADDS.value, { value });
  };
  const addMetadata = (named: NamedKey, entries: Parameters<typeof encodeMetadata>[0]): void => {
    if (entries.length === 0) add(named, ADDS.removalOfMetadata);
    else add(named, ADDS.metadata, { metadata: encodeMetadata(entries) });
  };
  for (const { namespace, state, collections } of sets) {
    const named = (key: string): NamedKey => ({ namespace, collection: '', key: utf8Bytes(key) });
    for (const write of state.writes) addValue(named(write.key), write.value, deletes(write));
    for (const { key, entries } of state.metadataWrites) addMetadata(named(key), entries);
    for (const { collection, hashes } of collections) {
      // In a collection without a name, a hash is a public key.
      const hashed = (key: Uint8Array): NamedKey => ({ namespace, collection, key });
      for (const write of hashes.hashedWrites) addValue(hashed(write.keyHash), write.valueHash, deletesHash(write));
      for (const { keyHash, entries } of hashes.metadataWrites) addMetadata(hashed(keyHash), entries);
    }
  }
  return found.values();
}
