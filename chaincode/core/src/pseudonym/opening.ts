import * as z from '../shape/index.js';
import { factName, jwsSchema, MAX_FACTS, parseJson, RegistryError, shapeOf, shapes } from '../model/index.js';
import type { Instant, Jws } from '../model/index.js';
import { signedContent } from '../signing/index.js';
import { PSEUDONYM_KINDS, saltedFact } from './file.js';
import type { PseudonymFile, PseudonymKind } from './file.js';
import { openedFacts, PATH_LENGTH } from './leaves.js';
import type { OpenedFact } from './leaves.js';

export const OPENING_TYPE = 'tracecal-opening/1';

/** Facts behind a pseudonym, as its certifier shows them to somebody: canonical JSON, in the same envelope as statements. */
export interface Opening {
  readonly type: typeof OPENING_TYPE;
  readonly registry: string;
  readonly certifier: string;
  readonly kind: PseudonymKind;
  readonly id: string;
  /** As it is registered, hex. */
  readonly root: string;
  /** An organisation of the registry by its id, or somebody else in words, such as a court and its file number; null: everybody. */
  readonly to: string | null;
  /** When it was signed, according to its signer. */
  readonly date: Instant;
  /** Why facts are shown whose scope does not cover the reader. */
  readonly reason?: string;
  /** In order of their names. */
  readonly facts: readonly OpenedFact[];
}

/** An opening whose shape has been checked. */
export interface SignedOpening {
  readonly content: Opening;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
  readonly jws: Jws;
}

/** Characters of an opening's file. */
export const MAX_OPENING_CHARACTERS = 65_536;
const FILE_LIMITS = { maxLength: MAX_OPENING_CHARACTERS, maxDepth: 4, maxValues: 32 };
const CONTENT_LIMITS = { maxLength: 24_576, maxDepth: 5, maxValues: 1024 };

export const openingShape = z.strictObject({
  type: z.literal(OPENING_TYPE),
  registry: shapes.registry,
  certifier: shapes.organisationId,
  kind: z.enum(PSEUDONYM_KINDS),
  id: shapes.identifier,
  root: shapes.sha256,
  to: z.nullable(shapes.text),
  date: shapes.instant,
  reason: z.exactOptional(shapes.text),
  facts: z.array(z.strictObject({ ...saltedFact, path: z.array(shapes.sha256).check(z.length(PATH_LENGTH)) })).check(
    z.minLength(1),
    z.maxLength(MAX_FACTS),
    z.refine(
      (facts) => facts.every(({ fact }, place) => place === 0 || (facts[place - 1]?.fact ?? '') < fact),
      'must give each fact once, in the order of their names',
    ),
  ),
});

const namesShape = z.array(factName);

/** Who is to learn what. */
export interface OpeningSpec extends Pick<Opening, 'to' | 'date' | 'reason'> {
  /** Names of facts. */
  readonly facts: readonly string[];
}

/**
 * The content of an opening, to be signed by an officer of the certifier.
 * @throws RegistryError `INPUT_INVALID` if there is no such fact
 */
export function openingOf(file: PseudonymFile, { to, date, reason, facts: wanted }: OpeningSpec): Opening {
  const names = shapeOf(namesShape, 'list of facts', [...new Set(wanted)]);
  const { registry, certifier, kind, id, pseudonym, facts, filler } = file;
  const missing = names.find((name) => !facts.some(({ fact }) => fact === name));
  if (missing !== undefined) {
    throw new RegistryError('INPUT_INVALID', `${id} has no fact "${missing}": its file says which it has.`);
  }
  const opened = [...openedFacts(facts, filler, names)].sort((one, other) => (one.fact < other.fact ? -1 : 1));
  const content = { type: OPENING_TYPE, registry, certifier, kind, id, root: pseudonym.root, to, date };
  return shapeOf<Opening>(openingShape, 'opening', {
    ...content,
    ...(reason !== undefined && { reason }),
    facts: opened,
  });
}

/**
 * Reads an opening without checking who signed it, or whether its facts lead to the root.
 *
 * @param signed The JWS, or its JSON.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`, `SIGNATURE_INVALID`
 */
export function unverifiedOpening(signed: unknown): SignedOpening {
  const value = typeof signed === 'string' ? parseJson(signed, FILE_LIMITS) : signed;
  const jws = shapeOf<Jws>(jwsSchema, 'signed opening', value);
  const read = (content: unknown) => shapeOf<Opening>(openingShape, 'opening', content);
  return { ...signedContent(jws, 'opening', CONTENT_LIMITS, read), jws };
}
