/** A difference within the uncertainty may be rounding. The same size with the opposite sign never is. */
export function contradict(told: number, error: number, U: number | null | undefined): boolean {
  const apart = Math.abs(told - error);
  const isMirrored = error !== 0 && Math.abs(told + error) <= 1e-9 * Math.abs(error);
  return isMirrored || (U != null && apart > U);
}

/** Within a tenth: measures are closer to their nominal values. */
export function isThousandsApart(value: number, nominal: number): boolean {
  const ratio = Math.abs(value / nominal);
  const power = Math.round(Math.log10(ratio) / 3);
  return Number.isFinite(power) && power !== 0 && Math.abs(ratio / 1000 ** power - 1) <= 0.1;
}
