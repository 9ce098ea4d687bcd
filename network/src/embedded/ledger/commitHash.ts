import { BinaryWriter } from 'google-protobuf';
import { type BlockUpdates, type KeyUpdate } from './blockUpdates.js';
import { sha256 } from './bytes.js';
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
  const writer = new BinaryWriter();
  let namespace = '';
  let collection = '';
  for (const update of inHashOrder(updates)) {
    const newNamespace = update.namespace !== namespace;
    const newCollection = update.collection !== '' && (newNamespace || update.collection !== collection);
    writer.writeMessage(1, update, (entry: KeyUpdate, target: BinaryWriter) => {
      writeUpdate(entry, target, newNamespace, newCollection);
    });
    ({ namespace, collection } = update);
  }
  return writer.getResultBuffer();
}

function writeUpdate(update: KeyUpdate, writer: BinaryWriter, newNamespace: boolean, newCollection: boolean): void {
  if (newNamespace) {
    writer.writeString(1, update.namespace);
  }
  if (newCollection) {
    writer.writeString(2, update.collection);
  }
  if (update.key.length > 0) {
    writer.writeBytes(3, update.key);
  }
  if (update.record === undefined) {
    writer.writeBool(4, true);
  } else {
    writer.writeBytes(5, update.record.value);
  }
  writer.writeBytes(6, versionBytes(update.version));
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
