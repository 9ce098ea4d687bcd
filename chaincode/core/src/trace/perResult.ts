/** Computes something once per result; several checks and traces use it. */
export function perResult<Of extends object, T extends object>(compute: (result: Of) => T): (result: Of) => T {
  const known = new WeakMap<Of, T>();
  return (result) => {
    const answer = known.get(result) ?? compute(result);
    known.set(result, answer);
    return answer;
  };
}
