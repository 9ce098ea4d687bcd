import { bigEndian } from '@tracecal/core/signing/der';
import { sha256 } from '../crypto/index.js';
import { compareBytes, compareUtf8, NO_BYTES, StateUpdates, type StateUpdate } from '../wire/index.js';
import type { BlockUpdates, KeyUpdate } from './blockUpdates.js';
import type { Version } from './version.js';

/**
 * The running hash over all state changes of the blocks, as every peer of a channel computes it: two ledgers with the same
 * hash contain the same public state.
 */
export function commitHash(codes: readonly number[], updates: BlockUpdates, previous: Uint8Array): Uint8Array {
  return sha256(varint(codes.length), Uint8Array.from(codes), updateBytes(updates.sorted()), previous);
}

/** Fabric's `txmgr.Updates`: namespace and collection are named only where they change. */
function updateBytes(updates: readonly KeyUpdate[]): Uint8Array {
  let namespace = '';
  let collection = '';
  const kvWrites = inHashOrder(updates).map((update): StateUpdate => {
    const newNamespace = update.namespace !== namespace;
    const newCollection = newNamespace || update.collection !== collection;
    ({ namespace, collection } = update);
    return {
      namespace: newNamespace ? namespace : '',
      collection: newCollection ? collection : '',
      key: update.key,
      isDelete: update.record === undefined,
      value: update.record?.value ?? NO_BYTES,
      version: versionBytes(update.version),
    };
  });
  return StateUpdates.encode({ kvWrites });
}

/** By namespace; within each, the public keys, then the collections. */
function inHashOrder(updates: readonly KeyUpdate[]): KeyUpdate[] {
  return [...updates].sort(
    (left, right) =>
      compareUtf8(left.namespace, right.namespace) ||
      compareUtf8(left.collection, right.collection) ||
      compareBytes(left.key, right.key),
  );
}

function versionBytes({ block, transaction }: Version): Uint8Array {
  return Uint8Array.of(...orderedNumber(block), ...orderedNumber(transaction));
}

/** Fabric's order-preserving form: the number of significant bytes, then those bytes. */
function orderedNumber(value: number): readonly number[] {
  const significant = value === 0 ? [] : bigEndian(value);
  return [significant.length, ...significant];
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes.push((rest % 0x80) | 0x80);
  }
  return Uint8Array.of(...bytes, rest);
}
