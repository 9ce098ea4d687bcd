import {
  dateOf,
  jwsSchema,
  millisecondsOf,
  parseJson,
  readerKeyShape,
  RegistryError,
  shapeOf,
  TIME_WINDOW_MS,
} from '../model/index.js';
import type { Instant, Jws, ReaderKey } from '../model/index.js';
import { signedContent } from '../signing/index.js';
import { useAt } from './impediments.js';
import { requireOfficersWord, requireStanding } from './officersWord.js';
import { Grounds, Opener } from './open/index.js';
import type { RecordSource } from './source.js';

/** The key of a reader whose shape has been checked. */
export interface SignedReaderKey {
  readonly content: ReaderKey;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
  readonly jws: Jws;
}

/** The key of a reader, and by whose word it is theirs. */
export interface KnownReaderKey extends SignedReaderKey {
  /** The officer who signed, or the organisation itself. */
  readonly signer: string;
  /** The institute above the organisation. */
  readonly root: string;
}

export interface ReaderKeyAsked {
  /** The moment that is asked about: what was said against the reader until then counts. */
  readonly asOf: Instant;
  /** SHA-256 of the roots that are trusted, hex; absent: any institute of the registry. */
  readonly roots?: readonly string[] | undefined;
}

/** Characters of the file of a reader's key. */
export const MAX_READER_KEY_CHARACTERS = 8192;
const FILE_LIMITS = { maxLength: MAX_READER_KEY_CHARACTERS, maxDepth: 4, maxValues: 32 };
const CONTENT_LIMITS = { maxLength: 2048, maxDepth: 3, maxValues: 16 };

/**
 * Reads the key of a reader without checking who signed it.
 *
 * @param signed The JWS, or its JSON.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`, `SIGNATURE_INVALID`
 */
export function unverifiedReaderKey(signed: unknown): SignedReaderKey {
  const value = typeof signed === 'string' ? parseJson(signed, FILE_LIMITS) : signed;
  const jws = shapeOf<Jws>(jwsSchema, "signed reader's key", value);
  const read = (content: unknown) => shapeOf<ReaderKey>(readerKeyShape, "reader's key", content);
  return { ...signedContent(jws, "reader's key", CONTENT_LIMITS, read), jws };
}

/**
 * Checks against the registry's records that a key is that of an organisation in good standing, before anything is encrypted to it.
 *
 * @param signed The JWS, or its JSON.
 * @param source The registry's records.
 * @throws RegistryError with the first thing that does not hold: `WRONG_REGISTRY`, `TIME_INVALID`, `NOT_FOUND`, `SIGNATURE_INVALID`,
 * `NOT_AUTHORISED`, and as {@link unverifiedReaderKey}
 */
export async function openReaderKey(
  signed: unknown,
  source: RecordSource,
  { asOf, roots }: ReaderKeyAsked,
): Promise<KnownReaderKey> {
  const key = unverifiedReaderKey(signed);
  const { jws } = key;
  const { registry: named, organisation, date, until } = key.content;
  const opener = new Opener(new Grounds(source, asOf));
  const registry = await opener.registry();
  if (named !== registry) {
    throw new RegistryError('WRONG_REGISTRY', `the reader's key names registry ${named}, not ${registry}.`);
  }
  if (millisecondsOf(date) > millisecondsOf(asOf) + TIME_WINDOW_MS) {
    throw new RegistryError('TIME_INVALID', `the reader's key is dated ${date}, which lies ahead of ${asOf}.`);
  }
  if (until < dateOf(asOf)) {
    throw new RegistryError(
      'TIME_INVALID',
      `the reader's key of ${organisation} ended on ${until}: ask ${organisation} for its new one.`,
    );
  }
  // Whoever is no longer in good standing is told nothing more, although what it signed before stays good.
  const root = await requireStanding(opener, organisation, useAt(asOf), roots);
  const signer = await requireOfficersWord(opener, { jws, author: organisation, date, name: "reader's key" });
  return { ...key, signer, root };
}
