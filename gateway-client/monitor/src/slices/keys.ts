import { canonicalJson, parseJson } from '@tracecal/core/model';
import { createHash, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from './refusal.js';

const COORDINATE = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** The public key of a user, as a JWK with nothing beside what names the key. */
export const userKeySchema = z.union([
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: COORDINATE }).readonly(),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: COORDINATE, y: COORDINATE }).readonly(),
]);
export type UserKey = z.infer<typeof userKeySchema>;

/** Signature algorithms of users. `none` and shared secrets are not among them. */
export const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256'] as const;

/** Most characters of something that a user signed. */
export const MOST_SIGNED = 65_536;
const LIMITS = { maxLength: MOST_SIGNED, maxDepth: 8, maxValues: 10_000 };

/** The public part of a key. @throws Refusal `KEY_INVALID` unless it is Ed25519 or P-256 */
export function userKeyOf(key: KeyObject): UserKey {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  const read = userKeySchema.safeParse(kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x });
  if (!read.success) throw new Refusal('KEY_INVALID');
  return read.data;
}

/** How a user is named: the thumbprint of the key by RFC 7638, with SHA-256, in base64url. */
export function holderOf(key: UserKey): string {
  return createHash('sha256').update(canonicalJson(key)).digest('base64url');
}

/** @throws Refusal `KEY_INVALID` where the numbers are no key */
export function publicKeyOf(key: UserKey): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    throw new Refusal('KEY_INVALID');
  }
}

/** Signs canonical JSON as a compact JWS whose header names the type of the content. The key stays where it is. */
export async function signAs(type: string, content: unknown, key: KeyObject): Promise<string> {
  const { CompactSign } = await import('jose');
  return new CompactSign(new TextEncoder().encode(canonicalJson(content)))
    .setProtectedHeader({ alg: key.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'ES256', typ: type })
    .sign(key);
}

/** What was signed, and how it is named: by its content, since one content can have many signatures. */
export interface Signed<T> {
  readonly content: T;
  /** SHA-256 of the signed bytes, in hexadecimal digits. */
  readonly digest: string;
}

/**
 * Checks a signature and reads what it is over.
 *
 * @throws Refusal `SIGNATURE_INVALID`, `CONTENT_INVALID`, `KEY_INVALID`
 */
export async function readSigned<T>(jws: string, type: string, schema: z.ZodType<T>, key: UserKey): Promise<Signed<T>> {
  const { compactVerify } = await import('jose');
  const publicKey = publicKeyOf(key);
  const verified = await compactVerify(jws.slice(0, MOST_SIGNED + 1), publicKey, { algorithms: [...ALGORITHMS] }).catch(
    () => {
      throw new Refusal('SIGNATURE_INVALID');
    },
  );
  // A signature for one purpose is none for another.
  if (verified.protectedHeader.typ !== type) throw new Refusal('SIGNATURE_INVALID');
  return contentOf(Buffer.from(verified.payload), schema);
}

/** What somebody claims to have signed. Whoever reads it this way checks the signature later. */
export function claimedContent<T>(jws: string, schema: z.ZodType<T>): Signed<T> {
  return contentOf(Buffer.from(jws.slice(0, MOST_SIGNED + 1).split('.')[1] ?? '', 'base64url'), schema);
}

function contentOf<T>(bytes: Buffer, schema: z.ZodType<T>): Signed<T> {
  const text = bytes.toString('utf8');
  const content = (): T => {
    const value = parseJson(text, LIMITS);
    // One content has one digest.
    if (canonicalJson(value) !== text) throw new Refusal('CONTENT_INVALID');
    return schema.parse(value);
  };
  try {
    return { content: content(), digest: createHash('sha256').update(bytes).digest('hex') };
  } catch {
    throw new Refusal('CONTENT_INVALID');
  }
}
