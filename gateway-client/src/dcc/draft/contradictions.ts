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

/** The size of a stated uncertainty, and one step of its last written digit. */
export interface StatedSize {
  readonly size: number;
  readonly step: number;
}

/** Rounding, also up to a single digit, changes a number by its last digit, and at most by a factor of two. */
export function agreeInSize(one: StatedSize, other: StatedSize): boolean {
  const [smaller, larger] = [one.size, other.size].sort((a, b) => a - b) as [number, number];
  return larger - smaller <= (one.step + other.step) * (1 + ROUNDING) && larger <= 2 * smaller * (1 + ROUNDING);
}

const ROUNDING = 1e-9;

/** The value of one step of the last written digit. */
export function lastDigit(text: string): number {
  const [, decimals = '', exponent = '0'] = /^[-+]?\d*\.?(\d*)(?:[Ee]([-+]?\d+))?$/.exec(text) ?? [];
  return Number(`1e${Number(exponent) - decimals.length}`);
}
