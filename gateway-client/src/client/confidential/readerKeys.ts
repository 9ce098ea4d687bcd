import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson, dateOf, instantOf, READER_KEY_TYPE, readerKeyShape, shapeOf } from '@tracecal/core/model';
import type { CalendarDate, PublicReaderKey, ReaderKey } from '@tracecal/core/model';
import { jwsPayload } from '@tracecal/core/signing';
import { openReaderKey, unverifiedReaderKey, voiceOf } from '@tracecal/core/trace';
import type { KnownReaderKey, SignedReaderKey } from '@tracecal/core/trace';
import { clientError, TraceCalError } from '../errors.js';
import { inputOf } from '../input.js';
import { registrySource } from '../registrySource.js';
import type { RecordQueries } from '../registrySource.js';
import { nameOfSigner, signatureOf } from '../signer.js';
import type { Signer } from '../signer.js';

const DAY_MS = 86_400_000;
/** How long a reader's key is for, unless somebody says otherwise. */
const VALID_DAYS = 365;

/** A new key pair for a reader: ECDH over P-256. Its private half opens what is encrypted to the public one, and signs nothing. */
export function newReaderKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** The public part of a reader's key. */
export function publicReaderKey(key: KeyObject): PublicReaderKey {
  const { x = '', y = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x, y };
}

/** The name of a key, by which a body tells to whom it is encrypted: its thumbprint (RFC 7638), SHA-256 in base64url. */
export function readerKeyId({ kty, crv, x, y }: PublicReaderKey): string {
  return createHash('sha256').update(canonicalJson({ kty, crv, x, y })).digest('base64url');
}

/** What is signed about a reader's key. */
export interface ReaderKeySpec extends Pick<ReaderKey, 'registry' | 'organisation'> {
  readonly key: PublicReaderKey;
  /** The last day on which anything is encrypted to it; by default in a year. */
  readonly until?: CalendarDate;
}

/**
 * Signs that a key is that of an organisation, as one of its officers or with its own key.
 *
 * @throws TraceCalError `INPUT_INVALID`, `NOT_AUTHORISED`, `SIGNER_INVALID`
 * @example
 * const key = newReaderKey();
 * const registry = await tracecal.registry();
 * const signed = await signReaderKey({ registry, organisation: 'lab-beta', key: publicReaderKey(key) }, officer);
 * console.log(readerKeyText(signed));
 */
export async function signReaderKey(
  { registry, organisation, key, until = dateOf(instantOf(Date.now() + VALID_DAYS * DAY_MS)) }: ReaderKeySpec,
  signer: Signer,
): Promise<SignedReaderKey> {
  const name = nameOfSigner(signer);
  if (voiceOf(name) !== organisation) {
    throw new TraceCalError(
      'NOT_AUTHORISED',
      `An officer of ${organisation} has to say which key is its reader's, not ${name}.`,
    );
  }
  const date = instantOf(Date.now());
  const payload = inputOf(() =>
    jwsPayload(
      shapeOf<ReaderKey>(readerKeyShape, "reader's key", {
        type: READER_KEY_TYPE,
        ...{ registry, organisation, key, date, until },
      }),
    ),
  );
  return unverifiedReaderKey({ payload, signatures: [await signatureOf(signer, payload)] });
}

/** The content of the file of a reader's key. */
export function readerKeyText({ jws }: SignedReaderKey): string {
  return `${canonicalJson(jws)}\n`;
}

/** How the key of a reader is to be checked. */
export interface ReaderKeyQuestion {
  /** The registry's channel. */
  readonly channel: string;
  /** SHA-256 of the roots that are trusted, hex; absent: any institute of the registry. */
  readonly roots?: readonly string[];
}

/**
 * Checks against the registry, as peers answer now, that a key is that of an organisation in good standing: before anything is encrypted to it.
 *
 * @param signed - The text of its file.
 * @throws TraceCalError with the first thing that does not hold: `WRONG_REGISTRY`, `TIME_INVALID`, `NOT_FOUND`, `SIGNATURE_INVALID`,
 * `NOT_AUTHORISED`, `KEY_INVALID` for a point that is not on the curve, and as other queries
 */
export async function verifyReaderKey(
  signed: string,
  reader: RecordQueries,
  { channel, roots }: ReaderKeyQuestion,
): Promise<KnownReaderKey> {
  try {
    const asOf = instantOf(Date.now());
    const known = await openReaderKey(signed, registrySource(reader, channel), { asOf, roots });
    requirePoint(known.content);
    return known;
  } catch (error) {
    return inputOf((): never => {
      throw error;
    });
  }
}

function requirePoint({ key, organisation }: ReaderKey): void {
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' });
  } catch {
    throw clientError('KEY_INVALID', `The reader's key of ${organisation} is no point of the curve: ask for another.`);
  }
}
