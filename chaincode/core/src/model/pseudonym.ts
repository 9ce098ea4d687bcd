import { sha256 } from '#platform';
import * as z from '../shape/index.js';
import { FACT_READERS } from './bodies/pseudonym.js';
import type { FactReaders, Pseudonym } from './bodies/pseudonym.js';
import type { Imprint } from './bodies/devices.js';
import type { Membership } from './bodies/organisations.js';
import { MAX_FACTS } from './bounds.js';
import { canonicalJson } from './canonical.js';
import { QUANTITY } from './identifiers.js';
import { ownValue } from './own.js';
import { sha256 as digest } from './shapes.js';

/** What stands in place of a fact that a pseudonym withholds. */
export const WITHHELD = 'withheld';
/** In place of a country: ISO 3166-1 leaves this code to its users. */
export const WITHHELD_COUNTRY = 'ZZ';

/** Facts of a device or an organisation that its statement has a place for, and what stands there if they are withheld. */
export const STATED_FACTS = {
  device: { manufacturer: WITHHELD, model: WITHHELD, serial: WITHHELD },
  organisation: { name: WITHHELD, country: WITHHELD_COUNTRY },
} as const;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LETTERS = 26;
const BITS = 5;
/** Also of ids that only look like one: a zero for an o. */
const LIKE_PSEUDONYM = /^(?:.*\/)?p[-._][a-z0-9]{26}$/i;

export const factName = z
  .string()
  .check(z.regex(QUANTITY, 'must be the name of a fact: lower-case words like "serial" or "place-of-use"'));

export const factReaders = z.enum(FACT_READERS);

export const pseudonymSchema: z.ZodMiniType<Pseudonym> = z.strictObject({
  root: digest,
  scopes: z
    .record(factName, factReaders)
    .check(z.refine((scopes) => Object.keys(scopes).length <= MAX_FACTS, `must name at most ${MAX_FACTS} facts`)),
  otherwise: factReaders,
});

/** Who may learn a fact. */
export function readersOf({ scopes, otherwise }: Pseudonym, fact: string): FactReaders {
  return ownValue(scopes, fact) ?? otherwise;
}

/**
 * The pseudonym that a certifier gives with this root: random, because the salts below the root are, and nobody can choose it.
 * An organisation's is its id, a device's is the part of its id after its certifier.
 */
export function pseudonymOf(certifier: string, root: string): string {
  const digits = sha256(canonicalJson({ type: 'tracecal-pseudonym/1', certifier, root }));
  const bits = Array.from(digits.slice(0, Math.ceil((LETTERS * BITS) / 4)), (digit) =>
    Number.parseInt(digit, 16).toString(2).padStart(4, '0'),
  ).join('');
  const letters = Array.from({ length: LETTERS }, (_, place) =>
    ALPHABET.charAt(Number.parseInt(bits.slice(place * BITS, (place + 1) * BITS), 2)),
  );
  return `p-${letters.join('')}`;
}

/** Whether people would take an id for a pseudonym. */
export function looksLikePseudonym(id: string): boolean {
  return LIKE_PSEUDONYM.test(id);
}

/** Neither a further key nor anything else changes, adds or drops a pseudonym. */
export function isSamePseudonym(first: MayBePseudonymous, further: MayBePseudonymous): boolean {
  return canonicalJson(first.pseudonym ?? null) === canonicalJson(further.pseudonym ?? null);
}

type MayBePseudonymous = Pick<Imprint, 'pseudonym'>;

/** Whether what identifies it says that it is withheld, in any spelling that people would take for that. */
export function claimsWithheld(body: Imprint | Membership): boolean {
  const { fields } = statedIn(body);
  return Object.values(fields).some(({ stated }) => stated.trim().toLowerCase() === WITHHELD);
}

/** What a registration states openly of a fact; undefined if it withholds it, or has no place for it. */
export function openlyStated(body: Imprint | Membership, fact: string): string | undefined {
  const field = ownValue(statedIn(body).fields, fact);
  return field && field.stated !== field.withheld ? field.stated : undefined;
}

interface Claim {
  readonly author: string;
  readonly subject: { readonly id: string };
  readonly body: Imprint | Membership;
}

/** Why a pseudonym is not one: the words for the end of a sentence; undefined if there is none or it is. Names no fact's value. */
export function whyNoPseudonym({ author, subject, body }: Claim): string | undefined {
  const { pseudonym } = body;
  if (!pseudonym) {
    return undefined;
  }
  const { certifier, fields, id } = statedIn(body, author);
  if (certifier === null || ('certifier' in body && ROOTS.includes(body.kind))) {
    return 'must have no pseudonym: institutes and accreditation bodies are known by name';
  }
  if (subject.id !== id(pseudonym.root)) {
    return `must have the id that follows from its pseudonym: ${id(pseudonym.root)}`;
  }
  const wrong = Object.entries(fields).find(
    ([fact, { stated, withheld }]) => (readersOf(pseudonym, fact) === 'general') === (stated === withheld),
  );
  if (wrong === undefined) {
    return undefined;
  }
  const [fact, { withheld }] = wrong;
  return readersOf(pseudonym, fact) === 'general'
    ? `must state its ${fact}: the scope of this fact is general`
    : `must have "${withheld}" as its ${fact}: the scope of this fact is not general`;
}

const ROOTS: readonly string[] = ['NMI', 'ACCREDITATION_BODY'];

interface Stated {
  readonly certifier: string | null;
  readonly id: (root: string) => string;
  readonly fields: Readonly<Record<string, { readonly stated: string; readonly withheld: string }>>;
}

function statedIn(body: Imprint | Membership, author = ''): Stated {
  if ('certifier' in body) {
    const { name, country, certifier } = body;
    const { organisation } = STATED_FACTS;
    return {
      certifier,
      id: (root) => pseudonymOf(certifier ?? '', root),
      fields: {
        name: { stated: name, withheld: organisation.name },
        country: { stated: country, withheld: organisation.country },
      },
    };
  }
  const { manufacturer, model, serial } = body;
  const { device } = STATED_FACTS;
  return {
    certifier: author,
    id: (root) => `${author}/${pseudonymOf(author, root)}`,
    fields: {
      manufacturer: { stated: manufacturer, withheld: device.manufacturer },
      model: { stated: model, withheld: device.model },
      serial: { stated: serial, withheld: device.serial },
    },
  };
}
