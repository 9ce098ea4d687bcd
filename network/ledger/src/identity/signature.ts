import { hexText } from '@tracecal/core/platform';
import { CURVE_ORDERS, isLowOn } from '@tracecal/core/signing/curves';
import { positiveMagnitude, TAG, writeDer, writeUnsigned } from '@tracecal/core/signing/der';
import type { Certificate } from './certificate.js';
import { DerCursor } from '../crypto/derCursor.js';

/** Whether Fabric accepts signatures of this key at all. */
export function canSign(certificate: Certificate): boolean {
  const { type } = certificate.publicKey;
  return type === 'ed25519' || isCurve(type);
}

export type SignatureCheck = 'valid' | 'BAD_SIGNATURE' | 'HIGH_S';

/** Checks a signature over a message as Fabric's crypto provider does: SHA-256 and low s for ECDSA, plain for Ed25519. */
export function checkSignature(certificate: Certificate, message: Uint8Array, signature: Uint8Array): SignatureCheck {
  const { publicKey } = certificate;
  try {
    if (publicKey.type === 'ed25519') return outcome(publicKey.verify(undefined, message, signature));
    if (!isCurve(publicKey.type)) return 'BAD_SIGNATURE';
    const { s } = readSignature(signature);
    if (!isLowOn(publicKey.type, BigInt(`0x${hexText(s)}`))) return 'HIGH_S';
    return outcome(publicKey.verify('sha256', message, exactSignature(signature)));
  } catch {
    return 'BAD_SIGNATURE';
  }
}

/** What an issuer signed, and how. */
export type Issued = Pick<Certificate, 'signed' | 'signature' | 'signatureAlgorithm'>;

/** Whether an issuer's key signed a certificate. Its hash must be one that nobody can find collisions of. */
export function isCertifiedBy(certificate: Issued, issuer: Certificate): boolean {
  return certificate.signatureAlgorithm?.hash !== 'sha1' && isSignedBy(certificate, issuer);
}

/** Whether an issuer's key signed a certificate, or a revocation list: those may have SHA-1, as Go takes it. */
export function isSignedBy({ signatureAlgorithm, signed, signature }: Issued, { publicKey }: Certificate): boolean {
  if (signatureAlgorithm === undefined) return false;
  const { key, hash, isPss } = signatureAlgorithm;
  const isOfKind = key === (isCurve(publicKey.type) ? 'ec' : publicKey.type);
  return isOfKind && publicKey.verify(hash, signed, signature, isPss);
}

/** A signature in the one form that libraries verify, as Fabric writes it anew. @throws Error (of any class) if there is none in it */
export function exactSignature(signature: Uint8Array): Uint8Array {
  const { r, s } = readSignature(signature);
  return writeDer(TAG.sequence, writeUnsigned(r), writeUnsigned(s));
}

function outcome(valid: boolean): SignatureCheck {
  return valid ? 'valid' : 'BAD_SIGNATURE';
}

function isCurve(type: string): type is keyof typeof CURVE_ORDERS {
  return Object.hasOwn(CURVE_ORDERS, type);
}

/** As Go's `asn1.Unmarshal` does for Fabric: what follows s or the whole signature, in whatever form, is ignored. */
function readSignature(signature: Uint8Array): { readonly r: Uint8Array; readonly s: Uint8Array } {
  const numbers = new DerCursor(signature).inside(TAG.sequence);
  const [r, s] = [positiveMagnitude(numbers.any()), positiveMagnitude(numbers.any())];
  if (r === undefined || s === undefined) throw new Error('a number of the signature is not positive, or not in DER');
  return { r, s };
}
