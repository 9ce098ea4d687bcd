import { bigEndian, TAG, writeDer, writeUnsigned } from '@tracecal/core/signing/der';
import { sha256 } from '../crypto/index.js';
import type { BlockHeader } from '../wire/index.js';

/** SHA-256 over the ASN.1 DER form of number, previous hash and data hash. The next block refers to it. */
export function headerHash(header: BlockHeader): Uint8Array {
  return sha256(headerBytes(header));
}

/** That ASN.1 DER form. The orderers of a block sign it too. */
export function headerBytes({ number, previousHash, dataHash }: BlockHeader): Uint8Array {
  const hashes = [previousHash, dataHash].map((hash) => writeDer(TAG.octetString, hash));
  return writeDer(TAG.sequence, writeUnsigned(Uint8Array.from(bigEndian(number))), ...hashes);
}

/** SHA-256 over all envelopes of a block, concatenated. Nothing marks where one envelope ends. */
export function dataHash(envelopes: readonly Uint8Array[]): Uint8Array {
  return sha256(...envelopes);
}
