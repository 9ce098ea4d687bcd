import { sha256 } from '../crypto/index.js';
import { concatenate, type BlockHeader } from '../wire/index.js';

/** SHA-256 over the ASN.1 DER form of number, previous hash and data hash: what the next block refers to. */
export function headerHash(header: BlockHeader): Uint8Array {
  return sha256(headerBytes(header));
}

/** That ASN.1 DER form: a block's orderers sign it too. */
export function headerBytes({ number, previousHash, dataHash }: BlockHeader): Uint8Array {
  const parts = [der(0x02, unsignedInteger(number)), der(0x04, previousHash), der(0x04, dataHash)];
  return der(0x30, concatenate(...parts));
}

/** SHA-256 over all of a block's envelopes, one after the other: nothing says where one ends. */
export function dataHash(envelopes: readonly Uint8Array[]): Uint8Array {
  return sha256(...envelopes);
}

function der(tag: number, content: Uint8Array): Uint8Array {
  if (content.length < 0x80) return concatenate(Uint8Array.of(tag, content.length), content);
  const digits = bigEndian(content.length);
  return concatenate(Uint8Array.of(tag, 0x80 | digits.length), digits, content);
}

/** Big-endian with a leading zero byte where the first bit would read as a sign. */
function unsignedInteger(value: number): Uint8Array {
  const bytes = bigEndian(value);
  return (bytes[0] ?? 0) < 0x80 ? bytes : concatenate(Uint8Array.of(0), bytes);
}

function bigEndian(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}
