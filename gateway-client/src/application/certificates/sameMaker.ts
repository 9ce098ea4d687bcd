import { legalName, nameWords, WITHHELD } from '@tracecal/core/model';

/** Values that registration writes where a certificate states nothing, or a pseudonym withholds something. */
const UNKNOWN = new Set(['', 'not stated', 'unknown', WITHHELD]);

/** Result of comparing two names; a missing name is `unknown`. */
export type Comparison = 'same' | 'other' | 'unknown';

/** Compares two names of a maker. Case, punctuation and legal forms make no difference. */
export function compareMakers(one: string | null, other: string | null): Comparison {
  return compare(one, other, legalName);
}

/** Compares two names of a model. */
export function compareModels(one: string | null, other: string | null): Comparison {
  return compare(one, other, (name) => nameWords(name).join(''));
}

/** Whether two names of a maker cannot mean the same one. */
export function contradictMakers(one: string | null, other: string | null): boolean {
  return compareMakers(one, other) === 'other';
}

/** Whether two names of a model cannot mean the same one. */
export function contradictModels(one: string | null, other: string | null): boolean {
  return compareModels(one, other) === 'other';
}

/** Compares the numbers that something bears with a serial number: one that is the same is enough. */
export function compareSerials(stated: readonly string[], other: string): Comparison {
  const compared = stated.map((one) => compare(one, other, plainNumber));
  return (['same', 'other'] as const).find((each) => compared.includes(each)) ?? 'unknown';
}

/** Whether this number differs from all numbers stated for an item; an item without a stated number contradicts nothing. */
export function contradictSerials(stated: readonly string[], other: string): boolean {
  return compareSerials(stated, other) === 'other';
}

/** Whether a serial number tells one device from another: a dash or "unknown" does not. */
export function isSerial(stated: string): boolean {
  return plainOf(stated, plainNumber) !== '';
}

function plainNumber(number: string): string {
  return nameWords(number).join('');
}

function compare(one: string | null, other: string | null, plain: (name: string) => string): Comparison {
  const [first, second] = [one, other].map((name) => plainOf(name, plain));
  if (first === '' || second === '') {
    return 'unknown';
  }
  return first === second ? 'same' : 'other';
}

/** A name without what makes no difference; empty where it says nothing. */
function plainOf(name: string | null, plain: (name: string) => string): string {
  const stated = (name ?? '').trim();
  return UNKNOWN.has(stated.toLowerCase()) ? '' : plain(stated);
}
