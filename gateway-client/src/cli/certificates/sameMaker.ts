import { legalName, nameWords } from '@tracecal/chaincode/model';

/** What registration writes where a certificate states nothing. */
const UNKNOWN = new Set(['', 'not stated', 'unknown']);

/**
 * Whether two names of a maker cannot mean the same one. Case, punctuation and legal forms say nothing, and neither does a name
 * that is missing.
 */
export function contradictMakers(one: string | null, other: string | null): boolean {
  return contradict(one, other, legalName);
}

/** Whether two names of a model cannot mean the same one. */
export function contradictModels(one: string | null, other: string | null): boolean {
  return contradict(one, other, (name) => nameWords(name).join(''));
}

function contradict(one: string | null, other: string | null, plain: (name: string) => string): boolean {
  const [first, second] = [one, other].map((name) => {
    const stated = (name ?? '').trim();
    return UNKNOWN.has(stated.toLowerCase()) ? '' : plain(stated);
  });
  return first !== '' && second !== '' && first !== second;
}
