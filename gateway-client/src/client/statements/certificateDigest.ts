import { createHash } from 'node:crypto';

/** The reference to a certificate (DER in base64) in statements and trust files: its SHA-256, hex. */
export function certificateDigest(certificate: string): string {
  return createHash('sha256').update(Buffer.from(certificate, 'base64')).digest('hex');
}
