import type { KeyObject } from 'node:crypto';
import { derSignature, isLowSDer, rawSignature, withLowS } from '@tracecal/core/signing';
import { signP256 } from '@tracecal/core/signing/node';
import { PkiError } from './errors.js';

/** Makes a DER ECDSA P-256 SHA-256 signature. The key may be anywhere (a file, a token, a service). */
export type SignBytes = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Signs with a P-256 private key: SHA-256, DER, low S (Fabric refuses high S; node:crypto produces either). */
export function signLowS(privateKey: KeyObject, bytes: Uint8Array): Uint8Array {
  return derSignature(signP256(privateKey, bytes));
}

/** A signer over a key in memory. */
export function signerOf(privateKey: KeyObject): SignBytes {
  return (bytes) => signLowS(privateKey, bytes);
}

/** Returns the same signature with the lower of its two possible S values. @throws PkiError `SIGNATURE_MALFORMED` */
export function toLowS(signature: Uint8Array): Uint8Array {
  try {
    return derSignature(withLowS(rawSignature(signature)));
  } catch {
    throw new PkiError('SIGNATURE_MALFORMED', 'The signature is not a DER-encoded ECDSA signature of the curve P-256.');
  }
}

/** Whether a DER signature is well formed and has the lower of its two possible S values. */
export const isLowS: (signature: Uint8Array) => boolean = isLowSDer;
