import type { common } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';

function der(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

function unsigned(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

/** A block's hash: SHA-256 over the DER sequence of number, previous hash and data hash. */
export function blockHeaderHash(header: common.BlockHeader): Uint8Array {
  const content = Buffer.concat([
    der(0x02, unsigned(header.getNumber())),
    der(0x04, header.getPreviousHash_asU8()),
    der(0x04, header.getDataHash_asU8()),
  ]);
  return createHash('sha256').update(der(0x30, content)).digest();
}
