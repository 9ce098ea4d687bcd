import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson, disclosureSchema, parseAs, RegistryError, shapeOf } from '@tracecal/core/model';
import type { Disclosure, PublicReaderKey } from '@tracecal/core/model';
import { z } from 'zod';
import { clientError, TraceCalError } from '../errors.js';
import { inputOf } from '../input.js';
import { publicReaderKey, readerKeyId } from './readerKeys.js';

const TYPE = 'tracecal-body/1';
const KEY_ALGORITHM = 'ECDH-ES+A256KW';
const CONTENT_ALGORITHM = 'A256GCM';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** More than all results of a report have with their salts and paths. */
export const MOST_BODY_BYTES = 8_388_608;
/** Readers of one body. */
const MOST_READERS = 64;
const LIMITS = { maxLength: MOST_BODY_BYTES, maxDepth: 16, maxValues: 400_000 };
const ENVELOPE_LIMITS = { maxLength: MOST_BODY_BYTES, maxDepth: 6, maxValues: 32 * MOST_READERS };

const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);
const coordinate = base64url.length(43);

/** Nothing else is ever in a header: no compression, no other algorithm. */
const PROTECTED = Buffer.from(canonicalJson({ enc: CONTENT_ALGORITHM, typ: TYPE })).toString('base64url');

interface Recipient {
  readonly header: {
    readonly alg: typeof KEY_ALGORITHM;
    readonly epk: PublicReaderKey;
    readonly kid: string;
  };
  readonly encrypted_key: string;
}

/** Confidential results, encrypted to readers: a JWE (RFC 7516) in its general JSON form. */
export interface EncryptedBody {
  readonly protected: string;
  readonly recipients: readonly Recipient[];
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

const envelopeShape: z.ZodType<EncryptedBody> = z.strictObject({
  protected: z.literal(PROTECTED),
  recipients: z
    .array(
      z.strictObject({
        header: z.strictObject({
          alg: z.literal(KEY_ALGORITHM),
          epk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
          kid: base64url.length(43),
        }),
        encrypted_key: base64url.length(54),
      }),
    )
    .min(1)
    .max(MOST_READERS),
  iv: base64url.length(16),
  ciphertext: base64url.min(1),
  tag: base64url.length(22),
});

const contentShape = z.strictObject({ type: z.literal(TYPE), disclosures: z.array(z.unknown()).min(1) });

/** A new content key: with it, a body is encrypted once, however many readers it gets. */
export function newContentKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/**
 * Encrypts what the readers of a report are told. Whoever keeps the content key can give the same body to further readers.
 *
 * @param disclosures - Of one report.
 * @param readers - Verified keys: see `verifyReaderKey`.
 * @example
 * const text = await readFile('lab-beta.reader.json', 'utf8');
 * const reader = await verifyReaderKey(text, tracecal, { channel: 'calibration' });
 * const contentKey = newContentKey();
 * const body = await encryptBody([await readDisclosureFile('r-7.json')], contentKey, [reader.content.key]);
 * const further = newReaderKey();
 * const more = await forFurtherReaders(body, contentKey, [publicReaderKey(further)]);
 * const disclosures = await openBody(more, [further]);
 */
export async function encryptBody(
  disclosures: readonly Disclosure[],
  contentKey: Uint8Array,
  readers: readonly PublicReaderKey[],
): Promise<EncryptedBody> {
  const content = { type: TYPE, disclosures: inputOf(() => aboutOneReport(disclosures)) };
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv, { authTagLength: TAG_BYTES }).setAAD(
    Buffer.from(PROTECTED, 'ascii'),
  );
  const ciphertext = Buffer.concat([cipher.update(canonicalJson(content), 'utf8'), cipher.final()]);
  const body = {
    protected: PROTECTED,
    recipients: [],
    iv: iv.toString('base64url'),
    ciphertext: ciphertext.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
  };
  return forFurtherReaders(body, contentKey, readers);
}

/** The same body for further readers: its key is wrapped for them, and what it says is not encrypted again. Readers that it has stay as they are. */
export async function forFurtherReaders(
  body: EncryptedBody,
  contentKey: Uint8Array,
  readers: readonly PublicReaderKey[],
): Promise<EncryptedBody> {
  const known = new Set(readersOf(body));
  const further = new Map(readers.map((key) => [readerKeyId(key), key]));
  const wanted = [...further].filter(([kid]) => !known.has(kid)).map(([, key]) => key);
  const recipients = [...body.recipients, ...(await Promise.all(wanted.map((key) => wrapped(contentKey, key))))];
  if (recipients.length > MOST_READERS) {
    throw new TraceCalError('INPUT_INVALID', `A body has at most ${MOST_READERS} readers.`);
  }
  return { ...body, recipients };
}

/** The names of the keys that a body is encrypted to: see `readerKeyId`. */
export function readersOf({ recipients }: EncryptedBody): readonly string[] {
  return recipients.map(({ header }) => header.kid);
}

/** Whether a body was encrypted with this content key, so that others can be given it. */
export function isEncryptedWith({ iv, ciphertext, tag }: EncryptedBody, contentKey: Uint8Array): boolean {
  try {
    const cipher = createDecipheriv('aes-256-gcm', contentKey, Buffer.from(iv, 'base64url'), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(PROTECTED, 'ascii'))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    cipher.update(Buffer.from(ciphertext, 'base64url'));
    cipher.final();
    return true;
  } catch {
    return false;
  }
}

/** The content of a body's file. */
export function bodyText(body: EncryptedBody): string {
  return canonicalJson(body);
}

/** Reads the file of a body, without opening it. @throws TraceCalError `INPUT_INVALID`, `JSON_INVALID`, `JSON_TOO_LARGE` */
export function readBody(text: string): EncryptedBody {
  return inputOf(() => parseAs(envelopeShape as never, 'encrypted body', text, ENVELOPE_LIMITS));
}

/**
 * Opens a body with one of these keys. Nobody signs a body: whether it leads to what the report signs, a trace with its disclosures says.
 *
 * @throws TraceCalError `NOT_A_READER`, `BODY_INVALID`; no message tells anything of the content
 */
export async function openBody(body: EncryptedBody, keys: readonly KeyObject[]): Promise<readonly Disclosure[]> {
  const { flattenedDecrypt } = await import('jose');
  for (const key of keys) {
    const kid = readerKeyId(publicReaderKey(key));
    const recipient = body.recipients.find(({ header }) => header.kid === kid);
    if (!recipient) {
      continue;
    }
    const { protected: header, iv, ciphertext, tag } = body;
    const options = { keyManagementAlgorithms: [KEY_ALGORITHM], contentEncryptionAlgorithms: [CONTENT_ALGORITHM] };
    const { epk, alg } = recipient.header;
    const jwe = { protected: header, iv, ciphertext, tag, encrypted_key: recipient.encrypted_key };
    try {
      const { plaintext } = await flattenedDecrypt({ ...jwe, header: { alg, epk: { ...epk }, kid } }, key, options);
      return contentOf(plaintext);
    } catch {
      // The cause is omitted on purpose: nothing of the content may be quoted.
      throw clientError('BODY_INVALID');
    }
  }
  throw clientError('NOT_A_READER');
}

function contentOf(plaintext: Uint8Array): readonly Disclosure[] {
  const text = Buffer.from(plaintext).toString('utf8');
  return aboutOneReport(parseAs(contentShape, 'body', text, LIMITS).disclosures);
}

/** @throws RegistryError `INPUT_INVALID` */
function aboutOneReport(given: readonly unknown[]): readonly Disclosure[] {
  const all = given.map((each) => shapeOf(disclosureSchema, 'disclosure', each));
  if (all.length === 0 || all.some(({ digest }) => digest !== all[0]?.digest)) {
    throw new RegistryError('INPUT_INVALID', 'a body is about one report: give disclosures of one.');
  }
  return all;
}

/** The library wraps a key only beside content; that content stays here. */
async function wrapped(contentKey: Uint8Array, reader: PublicReaderKey): Promise<Recipient> {
  const { FlattenedEncrypt, decodeProtectedHeader, importJWK } = await import('jose');
  const to = await importJWK({ ...reader }, KEY_ALGORITHM);
  const beside = await new FlattenedEncrypt(new Uint8Array())
    .setProtectedHeader({ alg: KEY_ALGORITHM, enc: CONTENT_ALGORITHM })
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Meant for tests, but nothing else wraps a key that is there.
    .setContentEncryptionKey(contentKey)
    .encrypt(to);
  const { x = '', y = '' } = decodeProtectedHeader(beside)['epk'] as { readonly x?: string; readonly y?: string };
  return {
    header: { alg: KEY_ALGORITHM, epk: { kty: 'EC', crv: 'P-256', x, y }, kid: readerKeyId(reader) },
    encrypted_key: beside.encrypted_key ?? '',
  };
}
