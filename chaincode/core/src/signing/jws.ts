import { base64urlBytes, base64urlText, sha256, utf8Bytes, utf8Text } from '#platform';
import { canonicalBytes } from '../model/canonical.js';
import { RegistryError } from '../model/errors.js';
import { FrozenMemo, Memo } from '../model/memo.js';
import type { Jws, JwsSignature } from '../model/records.js';
import type { P256Key } from '../platform/p256Key.js';
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
  return utf8Bytes(`${protectedHeader(signer)}.${payload}`);
}

/** The JWS payload of a value: its canonical JSON in base64url. */
export function jwsPayload(value: unknown): string {
  return base64urlText(canonicalBytes(value));
}

/** The JWS signature entry of a signer for 64 signature bytes over {@link signingInput}. */
export function jwsSignature(signer: string, signature: Uint8Array): JwsSignature {
  return { protected: protectedHeader(signer), signature: base64urlText(signature) };
}

/** The text of a payload. @throws RegistryError `SIGNATURE_INVALID` if it is not canonical base64url of UTF-8. */
export function payloadText(jws: Jws): string {
  const bytes = base64urlBytes(jws.payload);
  const text = bytes && utf8Text(bytes);
  if (text === undefined) {
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
  return digests.get(payload, () => {
    const [bytes, text] = [base64urlBytes(payload), sha256(payload)];
    // Whatever is no payload is refused when it is read: here it only needs a name that no payload has.
    return { bytes: bytes ? sha256(bytes) : `no payload: ${text}`, text };
  });
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
export function isSignedBy(jws: Jws, signer: string, key: P256Key, keySha256: string): boolean {
  const answers = known.get(jws, () => new Map());
  const question = `${keySha256}.${signer}`;
  const answer = answers.get(question) ?? verifies(jws, signer, key, keySha256);
  answers.set(question, answer);
  return answer;
}

/** By key and signer, for as long as a statement is held as it was read; by all that was signed beyond that. */
const known = new FrozenMemo<Jws, Map<string, boolean>>();

function verifies(jws: Jws, signer: string, key: P256Key, keySha256: string): boolean {
  const header = protectedHeader(signer);
  const entries = jws.signatures.filter((entry) => entry.protected === header);
  const [entry] = entries;
  if (entries.length !== 1 || entry?.signature.length !== SIGNATURE_LENGTH) {
    return false;
  }
  return verifications.get(`${keySha256}.${entry.signature}.${header}.${digestsOf(jws).text}`, () => {
    const signature = base64urlBytes(entry.signature);
    return signature !== undefined && verifyP256(key, utf8Bytes(`${header}.${jws.payload}`), signature);
  });
}

const headers = new Memo<string>(4096);

function protectedHeader(signer: string): string {
  return headers.get(signer, () => jwsPayload({ alg: 'ES256', kid: signer }));
}

const CLAIM = /^\{"alg":"ES256","kid":"([a-z]+:[^"\\]{1,128})"\}$/;

function claimedSigner(entry: JwsSignature): string | null {
  const bytes = base64urlBytes(entry.protected);
  const signer = CLAIM.exec((bytes && utf8Text(bytes)) ?? '')?.[1];
  return signer !== undefined && protectedHeader(signer) === entry.protected ? signer : null;
}
