import type { Result } from '../model/index.js';

/** Works something out once for a result, which several checks and traces ask about. */
export function perResult<T extends object>(compute: (result: Result) => T): (result: Result) => T {
  const known = new WeakMap<Result, T>();
  return (result) => {
    const answer = known.get(result) ?? compute(result);
    known.set(result, answer);
    return answer;
  };
}
