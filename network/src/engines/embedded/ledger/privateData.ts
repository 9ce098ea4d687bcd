import { hexText } from '@tracecal/core/platform';
import { sha256 } from '@tracecal/ledger/crypto';
import {
  attempt,
  deletes,
  hashKey,
  type BlockUpdates,
  type NamespaceReadWriteSet,
  type StateRecord,
  type Version,
} from '@tracecal/ledger/validation';
import { KvRwSet, NO_BYTES, sameBytes, TxPvtReadWriteSet } from '@tracecal/ledger/wire';
import { expiringWith, expiryKey, privateKey, privateNameKey } from './keys.js';
import { encodeRecord } from './record.js';
import type { Reads, Write } from './store.js';

/** A valid transaction of a block and the private writes that endorsers stored for it, if any. */
export interface PrivateTransaction {
  readonly version: Version;
  readonly sets: readonly NamespaceReadWriteSet[];
  /** Serialised `rwset.TxPvtReadWriteSet`s; endorsers that disagreed have left several. */
  readonly candidates: readonly Uint8Array[];
}

interface PrivateKey {
  readonly namespace: string;
  readonly collection: string;
  readonly key: string;
}

/**
 * Private state after a block: only values whose hashes are public. A value whose hash changed without it is removed, so that it is never
 * taken for the current one.
 */
export class PrivateUpdates {
  readonly #committed: Reads;
  readonly #hashes: BlockUpdates;
  readonly #records = new Map<string, PrivateKey & { readonly record: StateRecord | undefined }>();

  constructor(committed: Reads, hashes: BlockUpdates) {
    this.#committed = committed;
    this.#hashes = hashes;
  }

  apply(transaction: PrivateTransaction): void {
    for (const { namespace, collections } of transaction.sets) {
      for (const { collection, privateHash } of collections) {
        const writes = matchingWrites(transaction.candidates, namespace, collection, privateHash);
        if (writes !== undefined) {
          this.#applyWrites(namespace, collection, writes, transaction.version);
        }
      }
    }
  }

  /** The private state to write and, for keys that the block deletes in hash, to remove. */
  writes(): Write[] {
    return [...this.#writesOfValues(), ...this.#removals()];
  }

  #applyWrites(namespace: string, collection: string, writes: KvRwSet, version: Version): void {
    for (const write of writes.writes) {
      const place = { namespace, collection, key: write.key };
      const record = deletes(write) ? undefined : { version, value: write.value, metadata: NO_BYTES };
      this.#records.set(idOf(place), { ...place, record });
    }
    for (const write of writes.metadataWrites) {
      const place = { namespace, collection, key: write.key };
      const record = this.#current(place);
      if (record !== undefined) {
        // The hash has a new version because its metadata changed: update the value's version too, so that it stays readable.
        this.#records.set(idOf(place), { ...place, record: { ...record, version } });
      }
    }
  }

  #current(place: PrivateKey): StateRecord | undefined {
    const update = this.#records.get(idOf(place));
    return update ? update.record : this.#committed.record(privateKey(place.namespace, place.collection, place.key));
  }

  *#writesOfValues(): Generator<Write> {
    for (const { namespace, collection, key, record } of this.#records.values()) {
      const keyHash = sha256(Buffer.from(key));
      const hash = this.#hashes.current({ namespace, collection, key: keyHash });
      const place = privateKey(namespace, collection, key);
      if (record !== undefined && hash !== undefined && sameBytes(sha256(record.value), hash.value)) {
        yield { key: place, value: encodeRecord({ ...record, version: hash.version }) };
        yield { key: privateNameKey(namespace, collection, keyHash), value: Buffer.from(key) };
      }
    }
  }

  /** Deleting a hash deletes the value. The name of the key is found by its hash; only members' values have one. */
  *#removals(): Generator<Write> {
    for (const { namespace, collection, key: keyHash, record } of this.#hashes.sorted()) {
      if (collection !== '' && record === undefined) {
        yield* removal(this.#committed, namespace, collection, keyHash);
      }
    }
  }
}

/** Removes a private value and its name, both found by the hash of the key. */
function removal(committed: Reads, namespace: string, collection: string, keyHash: Uint8Array): Write[] {
  const nameKey = privateNameKey(namespace, collection, keyHash);
  const name = committed.get(nameKey);
  return name === undefined
    ? []
    : [
        { key: nameKey, value: undefined },
        { key: privateKey(namespace, collection, name.toString()), value: undefined },
      ];
}

function matchingWrites(
  candidates: readonly Uint8Array[],
  namespace: string,
  collection: string,
  privateHash: Uint8Array,
): KvRwSet | undefined {
  if (privateHash.length === 0) {
    return undefined;
  }
  for (const candidate of candidates) {
    const bytes = collectionBytes(candidate, namespace, collection);
    if (bytes !== undefined && sameBytes(sha256(bytes), privateHash)) {
      return attempt(() => KvRwSet.decode(bytes));
    }
  }
  return undefined;
}

function collectionBytes(candidate: Uint8Array, namespace: string, collection: string): Uint8Array | undefined {
  return attempt(() => TxPvtReadWriteSet.decode(candidate))
    ?.nsPvtRwset.find((set) => set.namespace === namespace)
    ?.collectionPvtRwset.find((set) => set.collectionName === collection)?.rwset;
}

function idOf({ namespace, collection, key }: PrivateKey): string {
  return `${namespace}\0${collection}\0${key}`;
}

/** Schedules the removal of writes to collections with a block-to-live. */
export function expiries(updates: BlockUpdates, block: number, blockToLive: BlockToLive): Write[] {
  return updates.sorted().flatMap(({ namespace, collection, key, record }) => {
    const blocks = collection === '' || record === undefined ? 0 : blockToLive(namespace, collection);
    if (blocks === 0) {
      return [];
    }
    const end = block + blocks + 1;
    const entry = Buffer.from(JSON.stringify([namespace, collection, hexText(key), block]));
    return [
      { key: expiryKey(end), value: NO_BYTES },
      { key: expiryKey(end, hashKey(namespace, collection, key)), value: entry },
    ];
  });
}

export type BlockToLive = (namespace: string, collection: string) => number;

/** Removes hash and value of records that expire with a block, unless they were written again since. */
export async function expiredWith(block: number, committed: Reads, updates: BlockUpdates): Promise<Write[]> {
  const writes: Write[] = [];
  if (committed.get(expiryKey(block)) === undefined) {
    return writes;
  }
  for await (const [key, entry] of committed.scan(expiringWith(block))) {
    writes.push({ key, value: undefined });
    if (entry.length > 0) {
      writes.push(...expiredEntry(entry, committed, updates));
    }
  }
  return writes;
}

function expiredEntry(entry: Buffer, committed: Reads, updates: BlockUpdates): Write[] {
  const booked = JSON.parse(entry.toString()) as [string, string, string, number];
  const [namespace, collection, keyHashHex, writtenIn] = booked;
  const keyHash = Buffer.from(keyHashHex, 'hex');
  const place = hashKey(namespace, collection, keyHash);
  if (
    updates.touches({ namespace, collection, key: keyHash }) ||
    committed.record(place)?.version.block !== writtenIn
  ) {
    return [];
  }
  return [{ key: place, value: undefined }, ...removal(committed, namespace, collection, keyHash)];
}
