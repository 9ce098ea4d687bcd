import type { StatedCertificate } from './statements.js';

/** Endings of companies' names, in the countries of most certificates. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  ['gmbh', 'mbh', 'ag', 'kg', 'co', 'ug', 'ohg', 'se', 'inc', 'incorporated', 'corp', 'corporation', 'company'].concat([
    'ltd',
    'limited',
    'llc',
    'llp',
    'plc',
    'sa',
    'sas',
    'sarl',
    'srl',
    'spa',
    'bv',
    'nv',
    'ab',
    'as',
    'oy',
    'kk',
  ]),
);

/** What of a legal person's name tells it from others: its letters and digits without case, accents, punctuation and legal form. */
export function legalName(name: string): string {
  const all = nameWords(name);
  const own = all.filter((word) => !LEGAL_FORMS.has(word));
  return (own.length > 0 ? own : all).join('');
}

/** Words of a name without case, accents and punctuation. */
export function nameWords(name: string): readonly string[] {
  // "B.V." and "S.p.A." are one word each.
  const plain = name.normalize('NFKD').replaceAll(/\p{M}+|[.'’]/gu, '');
  return plain
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const IN_PARENTHESES = /\(([^()]*)\)/g;
/** Shorter ones are countries and the like. */
const SHORTEST_ABBREVIATION = 3;

/**
 * Whether a stated name means a known legal person, as far as it tells: with or without what stands in parentheses, or it is the
 * abbreviation that the known name has there, as in "Physikalisch-Technische Bundesanstalt (PTB)". What a text itself has in
 * parentheses makes nobody of it whom the rest does not name: "Somebody else (PTB)".
 */
export function isSameName(known: string, stated: string): boolean {
  const { whole, short } = formsOf(known);
  const own = formsOf(stated).whole;
  return [...whole, ...short].some((form) => own.includes(form));
}

/** {@link isSameName}, where neither of the names is the known one: a likeness to warn about. */
export function mayBeSameName(one: string, other: string): boolean {
  return isSameName(one, other) || isSameName(other, one);
}

function formsOf(name: string): { readonly whole: readonly string[]; readonly short: readonly string[] } {
  const whole = [legalName(name), legalName(name.replaceAll(IN_PARENTHESES, ' '))];
  const short = [...name.matchAll(IN_PARENTHESES)].map(([, inside = '']) => legalName(inside));
  return {
    whole: whole.filter((form) => form !== ''),
    short: short.filter((form) => form.length >= SHORTEST_ABBREVIATION),
  };
}

/** Whether two numbers of a certificate or an accreditation are one: case, spaces and dashes of all sorts mean nothing. */
export function isSameNumber(one: string, other: string): boolean {
  return nameWords(one).join(' ') === nameWords(other).join(' ') && nameWords(one).length > 0;
}

/** What a registry knows a laboratory by: its id and names, and the numbers of its accreditations. */
export interface KnownAs {
  readonly names: readonly string[];
  readonly numbers: readonly string[];
}

/** Whether a certificate calls its laboratory as the registry calls this one. */
export function namesLaboratory({ laboratory, code }: StatedCertificate, { names, numbers }: KnownAs): boolean {
  return (
    names.some((name) => isSameName(name, laboratory)) ||
    (code !== undefined && numbers.some((number) => isSameNumber(number, code)))
  );
}
