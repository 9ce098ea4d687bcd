import type { StatedCertificate } from './bodies/reports.js';

/** Endings of companies' names, in the countries of most certificates. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  [
    'gmbh mbh ag kg co ug ohg se inc incorporated corp corporation company ltd limited llc llp plc',
    'sa sas sarl srl spa bv nv ab as oy kk',
  ].flatMap((line) => line.split(' ')),
);

/**
 * The distinguishing part of a legal person's name: letters and digits without case, accents and punctuation, and without the legal
 * form at its end or before parentheses.
 */
export function legalName(name: string): string {
  const all = nameWords(name);
  const own = name.split(/[()]/).flatMap((part) => withoutLegalForm(nameWords(part)));
  return (own.length > 0 ? own : all).join('');
}

function withoutLegalForm(words: readonly string[]): readonly string[] {
  return words.slice(0, words.findLastIndex((word) => !LEGAL_FORMS.has(word)) + 1);
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

const HAS_PARENTHESES = /\([^()]*\)/;
const IN_PARENTHESES = /\(([^()]*)\)/g;
/** Shorter words are countries and similar. */
const SHORTEST_ABBREVIATION = 3;

/**
 * Whether a stated name means a known legal person. The names may differ by a part in parentheses, or the stated name may be the
 * abbreviation that the known name has in parentheses, as in "Physikalisch-Technische Bundesanstalt (PTB)". An abbreviation in
 * parentheses of the stated name is not enough: "Somebody else (PTB)".
 */
export function isSameName(known: string, stated: string): boolean {
  const { whole, short } = formsOf(known);
  if (short.length > 0 && HAS_PARENTHESES.test(stated) && !short.includes(initialsOf(known))) {
    // The part in parentheses distinguishes similar names: "TÜV (Nord)" is not "TÜV (Süd)".
    return legalName(known) === legalName(stated);
  }
  const own = formsOf(stated).whole;
  return [...whole, ...short].some((form) => own.includes(form));
}

/** {@link isSameName} for two names of which neither is known: a similarity to warn about. */
export function mayBeSameName(one: string, other: string): boolean {
  return isSameName(one, other) || isSameName(other, one);
}

function initialsOf(name: string): string {
  return nameWords(name.replaceAll(IN_PARENTHESES, ' '))
    .map((word) => word.charAt(0))
    .join('');
}

function formsOf(name: string): { readonly whole: readonly string[]; readonly short: readonly string[] } {
  const whole = [legalName(name), legalName(name.replaceAll(IN_PARENTHESES, ' '))];
  const short = [...name.matchAll(IN_PARENTHESES)].map(([, inside = '']) => legalName(inside));
  return {
    whole: whole.filter((form) => form !== ''),
    short: short.filter((form) => form.length >= SHORTEST_ABBREVIATION),
  };
}

/** Whether two numbers of a certificate or an accreditation are the same, ignoring case, spaces and kinds of dashes. */
export function isSameNumber(one: string, other: string): boolean {
  return nameWords(one).join(' ') === nameWords(other).join(' ') && nameWords(one).length > 0;
}

/** How a registry recognises a laboratory: by its id and names, and the numbers of its accreditations. */
export interface KnownAs {
  readonly names: readonly string[];
  readonly numbers: readonly string[];
}

/** Whether a certificate names its laboratory as the registry names this one. */
export function namesLaboratory({ laboratory, code }: StatedCertificate, { names, numbers }: KnownAs): boolean {
  return (
    names.some((name) => isSameName(name, laboratory)) ||
    (code !== undefined && numbers.some((number) => isSameNumber(number, code)))
  );
}
