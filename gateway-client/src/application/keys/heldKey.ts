import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { derSignature } from '@tracecal/core/signing';
import { generateKeyPair, privateKeyPem, readPrivateKey, signerOf } from '@tracecal/pki';
import type { SignBytes } from '@tracecal/pki';
import { signingKeyFrom } from '../../client/index.js';
import { isTokenName } from '../../client/pkcs11/index.js';

/** A private key of the calibration chain, in its file or in the token that its file names. */
export interface HeldKey {
  /** What its file holds: PEM, or the name of a key in a token. */
  readonly text: string;
  readonly publicKey: KeyObject;
  readonly sign: SignBytes;
}

/** A new key, for a file. */
export function freshKey(): HeldKey {
  return inMemory(generateKeyPair().privateKey);
}

/**
 * The key that a file holds or names.
 * @throws PkiError `MATERIAL_MALFORMED` or `KEY_UNSUPPORTED`; TraceCalError `TOKEN_SUPPORT_MISSING`, `TOKEN_KEY_INVALID`, `TOKEN_UNAVAILABLE`,
 *   `TOKEN_PIN_REFUSED`
 */
export async function heldKey(text: string): Promise<HeldKey> {
  const name = tokenNameIn(text);
  return name === undefined ? inMemory(readPrivateKey(text)) : inToken(name);
}

/** The name of a key in a token, if that is what a key file holds. */
export function tokenNameIn(text: string): string | undefined {
  const name = text.trim();
  return isTokenName(name) ? name : undefined;
}

function inMemory(key: KeyObject): HeldKey {
  return { text: privateKeyPem(key), publicKey: createPublicKey(key), sign: signerOf(key) };
}

async function inToken(name: string): Promise<HeldKey> {
  return {
    text: `${name}\n`,
    publicKey: await withToken(name, (key) => Promise.resolve(publicKeyOf(key.publicKey))),
    sign: (bytes) => withToken(name, async (key) => derSignature(await key.sign(bytes))),
  };
}

/** Opens the token for one thing: keys of a data directory are used rarely, and nobody closes them. */
async function withToken<T>(
  name: string,
  work: (key: Awaited<ReturnType<typeof signingKeyFrom>>) => Promise<T>,
): Promise<T> {
  const key = await signingKeyFrom(name);
  try {
    return await work(key);
  } finally {
    await key.close();
  }
}

/** @param point 65 bytes: 04, x, y. */
function publicKeyOf(point: Uint8Array): KeyObject {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => Buffer.from(part).toString('base64url'));
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' } });
}
