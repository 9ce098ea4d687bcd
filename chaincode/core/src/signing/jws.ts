import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../model/canonical.js';
import { RegistryError } from '../model/errors.js';
import { FrozenMemo, Memo } from '../model/memo.js';
import type { Jws, JwsSignature } from '../model/records.js';
import type { CertificateRole } from './certificateProfile.js';
import { verifyP256 } from './ecdsa.js';

/**
 * Signatures of statements: JWS JSON general serialisation over canonical JSON, ES256 only. A protected header is exactly
 * `{"alg":"ES256","kid":"<signer>"}` in canonical form: algorithm and keys come from the certification chain, a header
 * only says whose signature it claims to be.
 */
export type SignerKind = CertificateRole;

/** The `kid` of a signer: `technician:t-17`, `device:pt25-001`. */
export function signerName(kind: SignerKind, id: string): string {
  return `${kind}:${id}`;
}

/** What a signer signs: `BASE64URL(header) || '.' || BASE64URL(payload)`, in ASCII (RFC 7515, section 5.1). */
export function signingInput(signer: string, payload: string): Uint8Array {
  return Buffer.from(`${protectedHeader(signer)}.${payload}`, 'ascii');
}

/** The JWS payload of a value: its canonical JSON in base64url. */
export function jwsPayload(value: unknown): string {
  return Buffer.from(canonicalJson(value), 'utf8').toString('base64url');
}

/** The JWS signature entry of a signer for 64 signature bytes over {@link signingInput}. */
export function jwsSignature(signer: string, signature: Uint8Array): JwsSignature {
  return { protected: protectedHeader(signer), signature: Buffer.from(signature).toString('base64url') };
}

/** The text of a payload. @throws RegistryError `SIGNATURE_INVALID` if it is not canonical base64url of UTF-8. */
export function payloadText(jws: Jws): string {
  const bytes = decodeBase64url(jws.payload);
  const text = bytes?.toString('utf8') ?? '';
  if (!bytes || !Buffer.from(text, 'utf8').equals(bytes)) {
    throw new RegistryError('SIGNATURE_INVALID', 'the JWS payload is not base64url of UTF-8 text.');
  }
  return text;
}

/** Two names of a payload: by its bytes, and by its text, which several texts of the same bytes would not share. */
interface Digests {
  readonly bytes: string;
  readonly text: string;
}

const digests = new Memo<Digests>(16_384);

function digestsOf({ payload }: Jws): Digests {
  return digests.get(payload, () => ({
    bytes: createHash('sha256').update(Buffer.from(payload, 'base64url')).digest('hex'),
    text: createHash('sha256').update(payload).digest('base64'),
  }));
}

/** SHA-256 of the payload bytes in hex: how others name a statement. */
export function payloadDigest(jws: Jws): string {
  return digestsOf(jws).bytes;
}

/** Who claims to have signed, in order. A header that is not exactly what this format allows counts as nobody's (null). */
export function claimedSigners(jws: Jws): readonly (string | null)[] {
  return claims.get(jws, () => jws.signatures.map((entry) => claimedSigner(entry)));
}

const claims = new FrozenMemo<Jws, readonly (string | null)[]>();

const verifications = new Memo<boolean>(32_768);
/** 64 bytes in base64url. */
const SIGNATURE_LENGTH = 86;

/** Whether this signer signed this payload with this key: exactly one entry in their name, and it verifies. */
export function isSignedBy(jws: Jws, signer: string, key: KeyObject, keySha256: string): boolean {
  const answers = known.get(jws, () => new Map());
  const question = `${keySha256}.${signer}`;
  const answer = answers.get(question) ?? verifies(jws, signer, key, keySha256);
  answers.set(question, answer);
  return answer;
}

/** By key and signer, for as long as a statement is held as it was read; by all that was signed beyond that. */
const known = new FrozenMemo<Jws, Map<string, boolean>>();

function verifies(jws: Jws, signer: string, key: KeyObject, keySha256: string): boolean {
  const header = protectedHeader(signer);
  const entries = jws.signatures.filter((entry) => entry.protected === header);
  const [entry] = entries;
  if (entries.length !== 1 || entry?.signature.length !== SIGNATURE_LENGTH) {
    return false;
  }
  return verifications.get(`${keySha256}.${entry.signature}.${header}.${digestsOf(jws).text}`, () => {
    const signature = decodeBase64url(entry.signature);
    return signature !== undefined && verifyP256(key, Buffer.from(`${header}.${jws.payload}`, 'ascii'), signature);
  });
}

const headers = new Memo<string>(4096);

function protectedHeader(signer: string): string {
  return headers.get(signer, () =>
    Buffer.from(canonicalJson({ alg: 'ES256', kid: signer }), 'utf8').toString('base64url'),
  );
}

const CLAIM = /^\{"alg":"ES256","kid":"([a-z]+:[^"\\]{1,128})"\}$/;

function claimedSigner(entry: JwsSignature): string | null {
  const signer = CLAIM.exec(decodeBase64url(entry.protected)?.toString('utf8') ?? '')?.[1];
  return signer !== undefined && protectedHeader(signer) === entry.protected ? signer : null;
}

/** Undefined if the text is not the one encoding of its bytes: padding, other alphabets and stray bits are refused. */
function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
