import { createHash } from 'node:crypto';

/** How statements and trust files name a certificate (DER in base64): by its SHA-256, hex. */
export function certificateDigest(certificate: string): string {
  return createHash('sha256').update(Buffer.from(certificate, 'base64')).digest('hex');
}
