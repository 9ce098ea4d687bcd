import { createECDH, createHash, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * A test key: its private part follows from a text that anybody can read, so it proves nothing and must never be certified
 * outside of tests. For those in stored fixtures who go on acting later: no private key is stored.
 */
export function testKey(seed: string): KeyObject {
  const scalar = createHash('sha256').update(`TraceCal test key, not secret: ${seed}`).digest();
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  const part = (bytes: Buffer) => bytes.toString('base64url');
  return createPrivateKey({
    format: 'jwk',
    key: { kty: 'EC', crv: 'P-256', d: part(scalar), x: part(x), y: part(y) },
  });
}
