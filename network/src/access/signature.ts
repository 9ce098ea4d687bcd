import { verify } from 'node:crypto';
import type { Certificate } from './certificate.js';
import { derChildren, integerMagnitude, readDer, TAG } from '@tracecal/chaincode/signing';

/** Half of each curve's order: a signature's s must not be above it, or every signature would have a twin. */
const HALF_ORDERS: Readonly<Record<string, Buffer>> = {
  prime256v1: Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex'),
  secp384r1: Buffer.from(
    '7fffffffffffffffffffffffffffffffffffffffffffffffe3b1a6c0fa1b96efac0d06d9245853bd76760cb5666294b9',
    'hex',
  ),
};

/** Whether Fabric takes signatures of this key at all. */
export function canSign(certificate: Certificate): boolean {
  return certificate.keyType === 'ed25519' || certificate.keyType in HALF_ORDERS;
}

export type SignatureCheck = 'valid' | 'BAD_SIGNATURE' | 'HIGH_S';

/** Checks a signature over a message as Fabric's crypto provider does: SHA-256 and low s for ECDSA, plain for Ed25519. */
export function checkSignature(certificate: Certificate, message: Uint8Array, signature: Uint8Array): SignatureCheck {
  try {
    if (certificate.keyType === 'ed25519') return outcome(verify(null, message, certificate.publicKey, signature));
    const halfOrder = HALF_ORDERS[certificate.keyType];
    if (halfOrder === undefined) return 'BAD_SIGNATURE';
    if (isAbove(signatureS(signature), halfOrder)) return 'HIGH_S';
    return outcome(verify('sha256', message, certificate.publicKey, signature));
  } catch {
    return 'BAD_SIGNATURE';
  }
}

function outcome(valid: boolean): SignatureCheck {
  return valid ? 'valid' : 'BAD_SIGNATURE';
}

function signatureS(signature: Uint8Array): Buffer {
  const bytes = Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength);
  const [, s] = derChildren(readDer(bytes, TAG.sequence));
  if (s === undefined) throw new Error('the signature has no s');
  return integerMagnitude(s);
}

function isAbove(value: Buffer, limit: Buffer): boolean {
  return value.length > limit.length || (value.length === limit.length && value.compare(limit) > 0);
}
