import type { KeyObject } from 'node:crypto';
import {
  canonicalJson,
  jwsSchema,
  parseJson,
  refusalText,
  RegistryError,
  shapeOf,
  type Json,
  type Jws,
} from '@tracecal/core/model';
import { isSignedBy, jwsPayload, jwsSignature, payloadDigest, payloadText, signingInput } from '@tracecal/core/signing';
import { signP256 } from '@tracecal/core/signing/node';
import { p256Key, sha256 } from '@tracecal/core/platform';
import { MemberError } from './errors.js';
import { hasPrivateKey, holdsPrivateKey } from './privateKeys.js';

/** A file as it came from somebody: its name only serves messages. */
export interface GivenFile {
  readonly name: string;
  readonly text: string;
}

/** A file whose form has been checked: the JWS, and its payload, which is canonical JSON. Nobody's signature has been verified yet. */
export interface Envelope {
  /** Name of the file. */
  readonly file: string;
  readonly jws: Jws;
  readonly content: Json;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
}

/** Characters of a file. */
export const MAX_MEMBER_CHARACTERS = 40_960;
const FILE_LIMITS = { maxLength: MAX_MEMBER_CHARACTERS, maxDepth: 4, maxValues: 16 };
const CONTENT_LIMITS = { maxLength: 24_576, maxDepth: 5, maxValues: 64 };

/** A file's text: a JWS (JSON serialisation) over canonical JSON, in canonical form itself. */
export function signedText(content: object, member: string, key: KeyObject): string {
  const [signer, payload] = [signerOf(member), jwsPayload(content)];
  const signature = jwsSignature(signer, signP256(key, signingInput(signer, payload)));
  return `${canonicalJson({ payload, signatures: [signature] })}\n`;
}

/** Reads the form of a signed file: every byte of it is accounted for. @throws MemberError `FILE_INVALID` or `PRIVATE_KEY` */
export function readEnvelope({ name, text }: GivenFile): Envelope {
  if (text.length <= MAX_MEMBER_CHARACTERS && hasPrivateKey(text.trim())) throw exposed(name);
  return orInvalid(name, () => {
    const value = parseJson(text, FILE_LIMITS);
    if (holdsPrivateKey(value)) throw exposed(name);
    const jws = shapeOf<Jws>(jwsSchema, 'signed file', value);
    const payload = payloadText(jws);
    const content = parseJson(payload, CONTENT_LIMITS);
    if (holdsPrivateKey(content)) throw exposed(name);
    const isCanonical = canonicalJson(content) === payload && `${canonicalJson(jws)}\n` === text;
    if (!isCanonical || jws.signatures.length !== 1) {
      throw new RegistryError('INPUT_INVALID', 'it is not as `tracecal member` writes it, byte for byte.');
    }
    return { file: name, jws, content, digest: payloadDigest(jws) };
  });
}

/** Gives content its shape. @throws MemberError `FILE_INVALID` */
export function shaped<T>({ file, content }: Envelope, shape: Parameters<typeof shapeOf<T>>[0], what: string): T {
  return orInvalid(file, () => shapeOf<T>(shape, what, content));
}

/** Whether this member's administrator, who has this key (SubjectPublicKeyInfo), signed it. */
export function isSignedByMember({ jws }: Envelope, member: string, publicKeyInfo: Uint8Array): boolean {
  return isSignedBy(jws, signerOf(member), p256Key(publicKeyInfo), sha256(publicKeyInfo));
}

function signerOf(member: string): string {
  return `member:${member}`;
}

function exposed(name: string): MemberError {
  return new MemberError(
    'PRIVATE_KEY',
    `${name} contains a private key, which its owner must never hand out: delete the file, and have its owner replace that key.`,
  );
}

function orInvalid<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause;
    const why = refusalText(cause).replace(/\.$/, '');
    throw new MemberError('FILE_INVALID', `${name} is refused: ${why}; ask its author to send it again.`, { cause });
  }
}
