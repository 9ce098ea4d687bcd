import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { signP256 } from '@tracecal/core/signing/node';
import { readKeyFile } from './keyFile.js';

/** A P-256 key that can sign, wherever it is kept, without a certificate: gates have such keys. */
export interface SigningKey {
  /** Its public half: 65 bytes, uncompressed (04, x, y). */
  readonly publicKey: Uint8Array;
  /** ECDSA with SHA-256 over these bytes: 64 bytes, r and s, with a low s. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** Lets go of a token. A key that is closed signs no more. */
  close(): Promise<void>;
}

/** @throws TraceCalError `KEY_EXPOSED` or `KEY_INVALID` */
export async function fileKey(path: string): Promise<SigningKey> {
  return memoryKey(await readKeyFile(path));
}

/** A key in memory. */
export function memoryKey(key: KeyObject): SigningKey {
  return {
    publicKey: pointOfKey(createPublicKey(key)),
    sign: (bytes) => Promise.resolve(signP256(key, bytes)),
    close: () => Promise.resolve(),
  };
}

/** The point of a P-256 key: 04, x, y. */
export function pointOfKey(publicKey: KeyObject): Uint8Array {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}
