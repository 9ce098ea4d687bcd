import { legalName, nameWords } from '@tracecal/core/model';

/** What registration writes where a certificate states nothing. */
const UNKNOWN = new Set(['', 'not stated', 'unknown']);

/** How two names compare: one that is missing says nothing. */
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

/** Whether none of the numbers that something bears can be this one: whoever states none contradicts nothing. */
export function contradictSerials(stated: readonly string[], other: string): boolean {
  const compared = stated.map((one) => compare(one, other, (number) => nameWords(number).join('')));
  return compared.includes('other') && !compared.includes('same');
}

function compare(one: string | null, other: string | null, plain: (name: string) => string): Comparison {
  const [first, second] = [one, other].map((name) => {
    const stated = (name ?? '').trim();
    return UNKNOWN.has(stated.toLowerCase()) ? '' : plain(stated);
  });
  if (first === '' || second === '') {
    return 'unknown';
  }
  return first === second ? 'same' : 'other';
}
