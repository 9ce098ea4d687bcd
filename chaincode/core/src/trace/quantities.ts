import { unitOfKind } from '../model/index.js';
import type { Result, Row } from '../model/index.js';
import { isCoverageFactor } from './coverageFactors.js';
import { perResult } from './perResult.js';

/**
 * A point of a result in SI base units. `uncertainty` is the standard uncertainty u = U / k; null if none is stated. The conversion
 * may have made numbers infinite or zero: {@link isFinitePoint} and {@link isUsable} test that.
 */
export interface SiPoint {
  /** Null if the certificate states no usable uncertainty. */
  readonly value: number | null;
  readonly uncertainty: number | null;
  /** Whether the coverage factor is possible for an expanded uncertainty. */
  readonly isCovered: boolean;
}

/** Whether the value and the uncertainty are still finite in SI units. */
export function isFinitePoint({ value, uncertainty }: SiPoint): boolean {
  return [value, uncertainty].every((number) => number === null || Number.isFinite(number));
}

/**
 * Whether something can rest on this point: its value and a positive uncertainty are stated and finite. A coverage factor below 1, or
 * above that of two readings, is impossible for an expanded uncertainty.
 */
export function isUsable(point: SiPoint): boolean {
  const { value, uncertainty, isCovered } = point;
  return isFinitePoint(point) && value !== null && uncertainty !== null && uncertainty > 0 && isCovered;
}

/** The rows of a result in SI; not finite if its unit is not understood. */
export const siPoints = perResult(({ quantity, unit, rows }: Result): readonly SiPoint[] => {
  const { factor, offset } = unitOfKind(quantity, unit) ?? { factor: NaN, offset: NaN };
  return rows.map((row) => siPoint(row, factor, offset));
});

function siPoint({ value: stated, uncertainty }: Row, factor: number, offset: number): SiPoint {
  return {
    value: stated === null ? null : factor * stated + offset,
    uncertainty: uncertainty ? (Math.abs(factor) * uncertainty.expanded) / uncertainty.coverageFactor : null,
    isCovered: !!uncertainty && isCoverageFactor(uncertainty.coverageFactor, uncertainty.coverageProbability),
  };
}
