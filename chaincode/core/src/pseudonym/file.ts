import { base64urlBytes } from '#platform';
import * as z from '../shape/index.js';
import {
  factName,
  MAX_FACTS,
  parseJson,
  pseudonymOf,
  pseudonymSchema,
  RegistryError,
  shapeOf,
  shapes,
} from '../model/index.js';
import type { Pseudonym } from '../model/index.js';
import { requirePlaces, rootOfFacts } from './leaves.js';
import type { SaltedFact } from './leaves.js';

export const PSEUDONYM_FILE_TYPE = 'tracecal-pseudonym/1';

export const PSEUDONYM_KINDS = ['device', 'organisation'] as const;
export type PseudonymKind = (typeof PSEUDONYM_KINDS)[number];

/**
 * What the certifier keeps of a pseudonym, and nobody else: whoever has it knows everything that is withheld. Nothing can replace a lost
 * one.
 */
export interface PseudonymFile {
  readonly type: typeof PSEUDONYM_FILE_TYPE;
  readonly registry: string;
  readonly kind: PseudonymKind;
  readonly id: string;
  /** Who gave the pseudonym, and opens it: whoever imprinted a device, or certifies an organisation. */
  readonly certifier: string;
  readonly pseudonym: Pseudonym;
  readonly facts: readonly SaltedFact[];
  /** 32 random bytes in base64url: they fill the places of the tree without a fact. */
  readonly filler: string;
}

const LIMITS = { maxLength: 65_536, maxDepth: 5, maxValues: 512 };
const RANDOM_BYTES = 32;

const randomBytes = shapes
  .base64url(43)
  .check(z.refine((text) => base64urlBytes(text)?.length === RANDOM_BYTES, 'must be 32 bytes in base64url'));

/** The members of a fact and its salt. */
export const saltedFact = { fact: factName, value: shapes.text, salt: randomBytes } as const;

export const pseudonymFileShape = z.strictObject({
  type: z.literal(PSEUDONYM_FILE_TYPE),
  registry: shapes.registry,
  kind: z.enum(PSEUDONYM_KINDS),
  id: shapes.identifier,
  certifier: shapes.organisationId,
  pseudonym: pseudonymSchema,
  facts: z.array(z.strictObject(saltedFact)).check(z.maxLength(MAX_FACTS)),
  filler: randomBytes,
});

/** What is to be registered under a pseudonym. */
export interface PseudonymSpec extends Pick<PseudonymFile, 'registry' | 'kind' | 'certifier'> {
  readonly facts: Readonly<Record<string, string>>;
  readonly scopes: Pseudonym['scopes'];
  readonly otherwise: Pseudonym['otherwise'];
}

/**
 * A new pseudonym.
 *
 * @param random Gives 32 new random bytes each time.
 * @throws RegistryError `INPUT_INVALID`
 */
export function newPseudonym(
  { registry, kind, certifier, facts: given, scopes, otherwise }: PseudonymSpec,
  random: () => string,
): PseudonymFile {
  const facts = Object.entries(given).map(([fact, value]) => ({ fact, value, salt: random() }));
  const filler = random();
  const root = rootOfFacts(facts, filler);
  const pseudonym = { root, scopes, otherwise };
  return checked({
    type: PSEUDONYM_FILE_TYPE,
    registry,
    kind,
    id: idOf(kind, certifier, root),
    certifier,
    pseudonym,
    facts,
    filler,
  });
}

/** Reads what a certifier kept. @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`; no sentence tells a fact */
export function readPseudonymFile(text: string): PseudonymFile {
  return checked(parseJson(text, LIMITS));
}

function checked(value: unknown): PseudonymFile {
  const file = shapeOf<PseudonymFile>(pseudonymFileShape, 'file of a pseudonym', value);
  const { kind, id, certifier, pseudonym, facts, filler } = file;
  requirePlaces(facts.map(({ fact }) => fact));
  if (rootOfFacts(facts, filler) !== pseudonym.root || idOf(kind, certifier, pseudonym.root) !== id) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the file does not belong to ${id}: its facts lead to another pseudonym. Take the file as it was written.`,
    );
  }
  return file;
}

function idOf(kind: PseudonymKind, certifier: string, root: string): string {
  const own = pseudonymOf(certifier, root);
  return kind === 'device' ? `${certifier}/${own}` : own;
}
