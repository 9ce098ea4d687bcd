import { hexText } from '@tracecal/core/platform';
import { derChildren, integerMagnitude, readDer, TAG } from '@tracecal/core/signing/der';
import type { HashName } from '../crypto/index.js';
import type { Certificate } from './certificate.js';

/**
 * Half of each curve's order, in hexadecimal. A signature's s must not be larger; otherwise every signature would have a
 * second valid form.
 */
const HALF_ORDERS: ReadonlyMap<string, string> = new Map([
  ['prime256v1', '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8'],
  ['secp384r1', '7fffffffffffffffffffffffffffffffffffffffffffffffe3b1a6c0fa1b96efac0d06d9245853bd76760cb5666294b9'],
]);

/** Whether Fabric accepts signatures of this key at all. */
export function canSign(certificate: Certificate): boolean {
  const { type } = certificate.publicKey;
  return type === 'ed25519' || HALF_ORDERS.has(type);
}

export type SignatureCheck = 'valid' | 'BAD_SIGNATURE' | 'HIGH_S';

/** Checks a signature over a message as Fabric's crypto provider does: SHA-256 and low s for ECDSA, plain for Ed25519. */
export function checkSignature(certificate: Certificate, message: Uint8Array, signature: Uint8Array): SignatureCheck {
  const { publicKey } = certificate;
  try {
    if (publicKey.type === 'ed25519') return outcome(publicKey.verify(undefined, message, signature));
    const halfOrder = HALF_ORDERS.get(publicKey.type);
    if (halfOrder === undefined) return 'BAD_SIGNATURE';
    if (isAbove(signatureS(signature), halfOrder)) return 'HIGH_S';
    return outcome(publicKey.verify('sha256', message, signature));
  } catch {
    return 'BAD_SIGNATURE';
  }
}

/** The hash named by an issuer's signature algorithm; Ed25519 names none. */
const ISSUER_HASHES: ReadonlyMap<string, HashName> = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
]);

/**
 * Whether an issuer's key signed a certificate or a revocation list. @throws Error (of any class) if that cannot be
 * determined
 */
export function isSignedBy(
  issued: Pick<Certificate, 'signed' | 'signature' | 'signatureAlgorithm'>,
  issuer: Certificate,
): boolean {
  return issuer.publicKey.verify(ISSUER_HASHES.get(issued.signatureAlgorithm), issued.signed, issued.signature);
}

function outcome(valid: boolean): SignatureCheck {
  return valid ? 'valid' : 'BAD_SIGNATURE';
}

function signatureS(signature: Uint8Array): string {
  const [, s] = derChildren(readDer(signature, TAG.sequence));
  if (s === undefined) throw new Error('the signature has no s');
  return hexText(integerMagnitude(s));
}

function isAbove(value: string, limit: string): boolean {
  return value.length > limit.length || (value.length === limit.length && value > limit);
}
