import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

/*
 * The only place of this package that knows where cryptography comes from: what a browser replaces by an implementation of its
 * own. Everything is synchronous, so that a check is an ordinary function.
 */

export type HashName = 'sha256' | 'sha384' | 'sha512';

/** The key of a certificate. */
export interface PublicKey {
  /** Elliptic curve of the key, `ed25519`, or `unsupported`. */
  readonly type: string;
  /** Checks a signature: DER for ECDSA; without a hash for Ed25519. @throws Error (of any class) when it has no such form */
  verify(hash: HashName | undefined, message: Uint8Array, signature: Uint8Array): boolean;
  equals(other: PublicKey): boolean;
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Reads the SubjectPublicKeyInfo of a certificate. @throws Error (of any class) when the bytes are no key that is known */
export function readPublicKey(publicKeyInfo: Uint8Array): PublicKey {
  return new NodePublicKey(createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' }));
}

class NodePublicKey implements PublicKey {
  readonly type: string;
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
    this.type = typeOf(key);
  }

  verify(hash: HashName | undefined, message: Uint8Array, signature: Uint8Array): boolean {
    return verify(hash ?? null, message, this.#key, signature);
  }

  equals(other: PublicKey): boolean {
    return other instanceof NodePublicKey && this.#key.equals(other.#key);
  }
}

function typeOf(key: KeyObject): string {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType !== 'ec') return 'unsupported';
  return key.asymmetricKeyDetails?.namedCurve ?? 'unsupported';
}
