import { createPrivateKey } from 'node:crypto';
import { base64Bytes } from '@tracecal/core/platform';

/** Whether a text contains a private key in PEM, or is one in DER (base64). Such a text is never repeated in a message. */
export function hasPrivateKey(text: string): boolean {
  return text.includes('PRIVATE KEY') || isDerKey(text);
}

/** Whether a value that was read from JSON contains a private key anywhere: in a text, or as a JWK. */
export function holdsPrivateKey(value: unknown): boolean {
  if (typeof value === 'string') return hasPrivateKey(value);
  if (typeof value !== 'object' || value === null) return false;
  const isJwk = 'kty' in value && 'd' in value;
  return isJwk || Object.values(value).some(holdsPrivateKey);
}

function isDerKey(text: string): boolean {
  const key = base64Bytes(text);
  if (key === undefined || key.length === 0) return false;
  return (['pkcs8', 'sec1'] as const).some((type) => {
    try {
      createPrivateKey({ key: Buffer.from(key), format: 'der', type });
      return true;
    } catch {
      return false;
    }
  });
}
