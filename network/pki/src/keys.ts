import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  KeyObject,
  type JsonWebKey,
} from 'node:crypto';
import { PkiError } from './errors.js';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A P-256 public key in any of its usual forms: key object, JWK, SPKI as PEM text or DER bytes. */
export type PublicKeyInput = KeyObject | JsonWebKey | string | Uint8Array;

/**
 * A new ECDSA P-256 key pair. Node 20 can deadlock if garbage collection of a key generation runs while a key from it is
 * being exported, because both use one lock. Keys that are read again from bytes do not share that lock.
 */
export function generateKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return {
    publicKey: createPublicKey({ key: publicKey, type: 'spki', format: 'der' }),
    privateKey: createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' }),
  };
}

/** The PKCS#8 PEM of a private key, as Fabric's keystores hold it. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Reads a P-256 private key from PEM. @throws PkiError `KEY_UNSUPPORTED`; the message never repeats the text. */
export function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new PkiError('KEY_UNSUPPORTED', 'The text is not an unencrypted private key in PEM form.');
  }
  return p256(key);
}

/** Reads a P-256 public key; from a private key object, its public half. @throws PkiError `KEY_UNSUPPORTED` */
export function readPublicKey(input: PublicKeyInput): KeyObject {
  let key: KeyObject;
  try {
    key = toPublicKey(input);
  } catch {
    throw new PkiError('KEY_UNSUPPORTED', 'The key is not a public key as JWK, or as SPKI in PEM or DER form.');
  }
  return p256(key);
}

/** The uncompressed point of a P-256 public key: 0x04, x, y. */
export function publicPoint(publicKey: KeyObject): Uint8Array {
  // An SPKI of this curve has a fixed length, and the point is at its end.
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
}

/** Subject key identifier: SHA-256 of the point. Fabric's keystores find a private key by the same value. */
export function subjectKeyIdentifier(publicKey: KeyObject): Uint8Array {
  return createHash('sha256').update(publicPoint(publicKey)).digest();
}

function toPublicKey(input: PublicKeyInput): KeyObject {
  if (input instanceof KeyObject) return input.type === 'public' ? input : createPublicKey(input);
  if (typeof input === 'string') return createPublicKey(input);
  if (input instanceof Uint8Array) return createPublicKey({ key: Buffer.from(input), format: 'der', type: 'spki' });
  return createPublicKey({ key: input, format: 'jwk' });
}

function p256(key: KeyObject): KeyObject {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'ec' || curve !== 'prime256v1') {
    throw new PkiError(
      'KEY_UNSUPPORTED',
      `The key must be an elliptic-curve key of P-256, not ${curve ?? 'another kind'}.`,
    );
  }
  return key;
}
