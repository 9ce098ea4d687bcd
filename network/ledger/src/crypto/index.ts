import { verifierOf } from '#crypto';
import { sameBytes } from '@tracecal/core/platform/bytes';
import { readKeyInfo, type HashName, type KeyType, type Verifier } from './keyInfo.js';

/*
 * The only module of this package that knows the source of the cryptography. Everything is synchronous, so that a check is
 * an ordinary function.
 */
export { sha256 } from '#crypto';
export type { HashName };

/** The key of a certificate. */
export interface PublicKey {
  readonly type: KeyType | 'unsupported';
  /** Whether this key made the signature. ECDSA needs a hash, Ed25519 must have none; otherwise the answer is false. */
  verify(hash: HashName | undefined, message: Uint8Array, signature: Uint8Array): boolean;
  equals(other: PublicKey): boolean;
}

/**
 * Reads the SubjectPublicKeyInfo of a certificate. @throws Error (of any class) if it is malformed, or its point is not on
 * the curve
 */
export function readPublicKey(publicKeyInfo: Uint8Array): PublicKey {
  const known = readKeyInfo(publicKeyInfo);
  return new CertifiedKey(known?.type ?? 'unsupported', publicKeyInfo, known && verifierOf(known));
}

class CertifiedKey implements PublicKey {
  readonly type: KeyType | 'unsupported';
  readonly #publicKeyInfo: Uint8Array;
  readonly #verifies: Verifier | undefined;

  constructor(type: KeyType | 'unsupported', publicKeyInfo: Uint8Array, verifies: Verifier | undefined) {
    this.type = type;
    this.#publicKeyInfo = publicKeyInfo;
    this.#verifies = verifies;
  }

  verify(hash: HashName | undefined, message: Uint8Array, signature: Uint8Array): boolean {
    const fits = (hash === undefined) === (this.type === 'ed25519');
    return fits && this.#verifies?.(hash, message, signature) === true;
  }

  equals(other: PublicKey): boolean {
    return other instanceof CertifiedKey && sameBytes(this.#publicKeyInfo, other.#publicKeyInfo);
  }
}
export type { KeyType } from './keyInfo.js';
