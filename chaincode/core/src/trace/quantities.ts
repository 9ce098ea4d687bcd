import { unitOfKind } from '../model/index.js';
import type { Row } from '../model/index.js';
import { isCoverageFactor } from './coverageFactors.js';
import { perResult } from './perResult.js';

/**
 * A point of a result in SI base units. `uncertainty` is the standard uncertainty u = U / k; null if none is stated. Numbers may
 * have overflowed on the way or have shrunk to zero: {@link isFinitePoint} and {@link isUsable} say so.
 */
export interface SiPoint {
  /** Null if none is stated that could be used. */
  readonly value: number | null;
  readonly uncertainty: number | null;
  /** Whether the coverage factor makes the expanded uncertainty out of a standard one. */
  readonly isCovered: boolean;
}

/** Whether what the point states is a number in SI, too: its value and its uncertainty. */
export function isFinitePoint({ value, uncertainty }: SiPoint): boolean {
  return [value, uncertainty].every((number) => number === null || Number.isFinite(number));
}

/**
 * Whether something can rest on this point: its value and a positive uncertainty are stated and finite. A coverage factor
 * below 1, or beyond that of two readings, makes no expanded uncertainty out of a standard one.
 */
export function isUsable(point: SiPoint): boolean {
  const { value, uncertainty, isCovered } = point;
  return isFinitePoint(point) && value !== null && uncertainty !== null && uncertainty > 0 && isCovered;
}

/** The rows of a result in SI; not finite if its unit is not understood. */
export const siPoints = perResult(({ quantity, unit, rows }): readonly SiPoint[] => {
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
