import { verifierOf } from '#crypto';
import { sameBytes } from '@tracecal/core/platform/bytes';
import { readKeyInfo, type HashName, type KeyType, type KnownKey, type Verifier } from './keyInfo.js';
import { rsaVerifier } from './rsa.js';

/*
 * The only module of this package that knows the source of the cryptography. Everything is synchronous, so that a check is
 * an ordinary function.
 */
export { sha256 } from '#crypto';
export type { HashName };

/** The key of a certificate. */
export interface PublicKey {
  readonly type: KeyType | 'unsupported';
  /**
   * Whether this key made the signature. Ed25519 must have no hash, all others need one; otherwise the answer is false.
   * @param isPss in the newer padding of RSA, which no other key has
   */
  verify(hash: HashName | undefined, message: Uint8Array, signature: Uint8Array, isPss?: boolean): boolean;
  equals(other: PublicKey): boolean;
}

/**
 * Reads the SubjectPublicKeyInfo of a certificate. @throws Error (of any class) if it is malformed, or its point is not on
 * the curve
 */
export function readPublicKey(publicKeyInfo: Uint8Array): PublicKey {
  const known = readKeyInfo(publicKeyInfo);
  return new CertifiedKey(known?.type ?? 'unsupported', publicKeyInfo, known && verifierFor(known));
}

function verifierFor(known: KnownKey): Verifier {
  return known.type === 'rsa' ? rsaVerifier(known.key) : verifierOf(known);
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

  verify(hash: HashName | undefined, message: Uint8Array, signature: Uint8Array, isPss = false): boolean {
    const fits = (hash === undefined) === (this.type === 'ed25519') && (!isPss || this.type === 'rsa');
    return fits && this.#verifies?.(hash, message, signature, isPss) === true;
  }

  equals(other: PublicKey): boolean {
    return other instanceof CertifiedKey && sameBytes(this.#publicKeyInfo, other.#publicKeyInfo);
  }
}
export type { KeyType } from './keyInfo.js';
