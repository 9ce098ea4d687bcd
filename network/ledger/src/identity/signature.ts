import { hexText } from '@tracecal/core/platform';
import { CURVE_ORDERS, isLowOn } from '@tracecal/core/signing/curves';
import { positiveMagnitude, TAG, writeDer, writeUnsigned } from '@tracecal/core/signing/der';
import type { HashName } from '../crypto/index.js';
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
    const { r, s } = readSignature(signature);
    if (!isLowOn(publicKey.type, BigInt(`0x${hexText(s)}`))) return 'HIGH_S';
    const exact = writeDer(TAG.sequence, writeUnsigned(r), writeUnsigned(s));
    return outcome(publicKey.verify('sha256', message, exact));
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
