import { sha256 } from '../crypto/index.js';
import { NO_BYTES, StateUpdates, type StateUpdate } from '../wire/index.js';
import type { BlockUpdates, KeyUpdate } from './blockUpdates.js';
import type { Version } from './version.js';

/**
 * The running hash over everything that blocks did to the state, as every peer of a channel computes it: two ledgers
 * with the same one hold the same public state.
 */
export function commitHash(codes: readonly number[], updates: BlockUpdates, previous: Uint8Array): Buffer {
  return sha256(varint(codes.length), Buffer.from(codes), updateBytes(updates.sorted()), previous);
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

/** By namespace; in each the public keys, then the collections. */
function inHashOrder(updates: readonly KeyUpdate[]): KeyUpdate[] {
  return [...updates].sort(
    (left, right) =>
      Buffer.compare(Buffer.from(left.namespace), Buffer.from(right.namespace)) ||
      Buffer.compare(Buffer.from(left.collection), Buffer.from(right.collection)) ||
      Buffer.compare(left.key, right.key),
  );
}

function versionBytes({ block, transaction }: Version): Buffer {
  return Buffer.concat([orderedNumber(block), orderedNumber(transaction)]);
}

/** Fabric's order-preserving form: the count of significant bytes, then those. */
function orderedNumber(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first < 0 ? Buffer.alloc(0) : bytes.subarray(first);
  return Buffer.concat([Buffer.from([significant.length]), significant]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes.push((rest % 0x80) | 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
