import type { Result } from '../model/index.js';

/** Computes something once per result; several checks and traces use it. */
export function perResult<T extends object>(compute: (result: Result) => T): (result: Result) => T {
  const known = new WeakMap<Result, T>();
  return (result) => {
    const answer = known.get(result) ?? compute(result);
    known.set(result, answer);
    return answer;
  };
}
