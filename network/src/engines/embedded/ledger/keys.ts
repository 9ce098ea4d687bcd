/**
 * Keys of all records in a channel's database. One letter marks the kind of record, so that one batch can write all kinds and no two kinds
 * collide (`s` and `h`, public state and hashes, are the places of the validation rules). Numbers are big-endian, so that byte order is
 * their order.
 */
const END_OF_PART = '\0';

export const CHECKPOINT_KEY = Buffer.from('m');

/** Private state itself. */
export function privateKey(namespace: string, collection: string, key: string): Buffer {
  return Buffer.from(`p${namespace}${END_OF_PART}${collection}${END_OF_PART}${key}`);
}

export function privateEnd(namespace: string, collection: string): Buffer {
  return Buffer.from(`p${namespace}${END_OF_PART}${collection}\x01`);
}

/** The private key for a key hash: purge and expiry know only the hash. */
export function privateNameKey(namespace: string, collection: string, keyHash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`k${namespace}${END_OF_PART}${collection}${END_OF_PART}`), keyHash]);
}

/** Header and metadata of a block. */
export function blockKey(block: number): Buffer {
  return numbered('b', block);
}

/** The number of the block with this header hash. */
export function blockHashKey(hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('d'), hash]);
}

/** One envelope of a block, so that a transaction can be read without the rest of its block. */
export function envelopeKey(block: number, transaction: number): Buffer {
  const key = Buffer.alloc(13);
  numbered('e', block).copy(key);
  key.writeUInt32BE(transaction, 9);
  return key;
}

export function transactionKey(txId: string): Buffer {
  return Buffer.from(`t${txId}`);
}

const PLACE_LENGTH = 12;

/** One entry for each write of a key; the length prefix separates the key `a` from `ab`. */
export function historyKey(namespace: string, key: string, block: number, transaction: number): Buffer {
  return Buffer.concat([historyPrefix(namespace, key), encodePlace(block, transaction)]);
}

export function historyPrefix(namespace: string, key: string): Buffer {
  const name = Buffer.from(key);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([Buffer.from(`y${namespace}${END_OF_PART}`), length, name]);
}

export function placeOfHistoryKey(key: Buffer): { block: number; transaction: number } {
  return decodePlace(key.subarray(key.length - PLACE_LENGTH));
}

/** Private writes that wait for their transaction, under the block height of their arrival. */
export function pendingKey(height: number, txId: string, digest: string): Buffer {
  return Buffer.concat([numbered('r', height), Buffer.from(`${txId}${END_OF_PART}${digest}`)]);
}

/** A version that a chaincode has had. */
export function versionKey(chaincode: string, version: string): Buffer {
  return Buffer.from(`v${chaincode}${END_OF_PART}${version}`);
}

/** All of a kind. */
export function everything(kind: 'b' | 'e' | 'r' | 'v' | 'x'): { readonly gte: Buffer; readonly lt: Buffer } {
  return { gte: Buffer.from(kind), lt: Buffer.from(String.fromCharCode(kind.charCodeAt(0) + 1)) };
}

/** Records that expire with the commit of a block. The key without a hashed key marks that there are any, which saves a scan otherwise. */
export function expiryKey(atBlock: number, hashedKey: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([numbered('x', atBlock), hashedKey]);
}

export function expiringWith(block: number): { readonly gte: Buffer; readonly lt: Buffer } {
  return { gte: numbered('x', block), lt: numbered('x', block + 1) };
}

export function encodePlace(block: number, transaction: number): Buffer {
  const place = Buffer.alloc(PLACE_LENGTH);
  place.writeBigUInt64BE(BigInt(block));
  place.writeUInt32BE(transaction, 8);
  return place;
}

export function decodePlace(bytes: Buffer): { block: number; transaction: number } {
  return { block: Number(bytes.readBigUInt64BE()), transaction: bytes.readUInt32BE(8) };
}

function numbered(kind: string, block: number): Buffer {
  const key = Buffer.alloc(9);
  key.write(kind, 'latin1');
  key.writeBigUInt64BE(BigInt(block), 1);
  return key;
}
