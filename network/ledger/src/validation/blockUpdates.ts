import { utf8Bytes } from '@tracecal/core/platform';
import { keyOf, NO_BYTES, type KvMetadataEntry } from '../wire/index.js';
import { deletes, deletesHash, type NamespaceReadWriteSet } from './rwset.js';
import { encodeMetadata, hashKey, stateKey, type CommittedState, type StateRecord } from './state.js';
import type { Version } from './version.js';

/** The new state of one key, public or hashed; without a record it is deleted. */
export interface KeyUpdate {
  readonly namespace: string;
  /** Empty for public state. */
  readonly collection: string;
  /** UTF-8 bytes of a public key, or a key hash. */
  readonly key: Uint8Array;
  readonly place: Uint8Array;
  readonly version: Version;
  readonly record: StateRecord | undefined;
}

type MetadataEntries = readonly KvMetadataEntry[];

interface Change {
  readonly namespace: string;
  readonly collection: string;
  readonly key: Uint8Array;
  readonly place: Uint8Array;
  value?: Uint8Array;
  delete?: boolean;
  metadata?: MetadataEntries;
}

/**
 * The writes so far of a block's valid transactions, on top of the committed state. Places are kept as latin1 strings,
 * because those compare in the same order as their bytes.
 */
export class BlockUpdates {
  readonly #committed: Pick<CommittedState, 'record'>;
  readonly #updates = new Map<string, KeyUpdate>();
  #sorted: readonly KeyUpdate[] | undefined;

  constructor(committed: Pick<CommittedState, 'record'>) {
    this.#committed = committed;
  }

  touches(place: Uint8Array): boolean {
    return this.#updates.has(keyOf(place));
  }

  /** The state that the next transaction of the block finds. */
  current(place: Uint8Array): StateRecord | undefined {
    const update = this.#updates.get(keyOf(place));
    return update ? update.record : this.#committed.record(place);
  }

  /** All updates in the order of their places. */
  sorted(): readonly KeyUpdate[] {
    this.#sorted ??= [...this.#updates].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, update]) => update);
    return this.#sorted;
  }

  apply(sets: readonly NamespaceReadWriteSet[], version: Version): void {
    for (const change of changesOf(sets)) {
      const record = this.#newRecord(change, version);
      if (record !== 'unchanged') {
        const { namespace, collection, key, place } = change;
        this.#updates.set(keyOf(place), { namespace, collection, key, place, version, record });
      }
    }
    this.#sorted = undefined;
  }

  #newRecord(change: Change, version: Version): StateRecord | undefined | 'unchanged' {
    if (change.delete === true) {
      return undefined;
    }
    const before = this.current(change.place);
    const value = change.value ?? before?.value;
    if (value === undefined) {
      // Metadata cannot be stored for a key that does not exist.
      return 'unchanged';
    }
    const metadata = change.metadata ? encodeMetadata(change.metadata) : (before?.metadata ?? NO_BYTES);
    return { version, value, metadata };
  }
}

function changesOf(sets: readonly NamespaceReadWriteSet[]): Iterable<Change> {
  const changes = new Map<string, Change>();
  const change = (namespace: string, collection: string, key: Uint8Array, place: Uint8Array): Change => {
    const id = keyOf(place);
    const present = changes.get(id) ?? { namespace, collection, key, place };
    changes.set(id, present);
    return present;
  };
  for (const { namespace, state, collections } of sets) {
    const named = (key: string): Change => change(namespace, '', utf8Bytes(key), stateKey(namespace, key));
    for (const write of state.writes) setValue(named(write.key), write.value, deletes(write));
    for (const { key, entries } of state.metadataWrites) named(key).metadata = entries;
    for (const { collection, hashes } of collections) {
      const hashed = (keyHash: Uint8Array): Change =>
        change(namespace, collection, keyHash, hashKey(namespace, collection, keyHash));
      for (const write of hashes.hashedWrites) setValue(hashed(write.keyHash), write.valueHash, deletesHash(write));
      for (const { keyHash, entries } of hashes.metadataWrites) hashed(keyHash).metadata = entries;
    }
  }
  return changes.values();
}

function setValue(change: Change, value: Uint8Array, isDelete: boolean): void {
  if (isDelete) {
    change.delete = true;
  } else {
    change.value = value;
  }
}
