import type { StatedUncertainty } from './column.js';
import { agreeInSize, type StatedSize } from './contradictions.js';

/** An uncertainty in the unit of the result, and the column that states it. */
export interface ByColumn {
  readonly name: string;
  readonly stated: StatedUncertainty;
  /** Of an indication or a value beside its error: at most that of the error. */
  readonly isPart: boolean;
}

/**
 * The first of the uncertainties of a row, unless another one is larger; a number before none.
 *
 * @param otherwise - The coverage factor of those that state none.
 */
export function largestOf(all: readonly ByColumn[], otherwise: number | null): StatedUncertainty | null {
  const [first = null, ...others] = all.map(({ stated }) => stated);
  return others.reduce((most, next) => {
    const [one, other] = [sizeOf(most, next, otherwise), sizeOf(next, most, otherwise)];
    return other && (!one || other.size > one.size) ? next : most;
  }, first);
}

/** Two uncertainties of a row that differ by more than their last digits; empty if none do. */
export function contestedIn(all: readonly ByColumn[], otherwise: number | null): readonly ByColumn[] {
  for (const [place, one] of all.entries()) {
    const other = all.slice(place + 1).find(({ stated, isPart }) => {
      const [a, b] = [sizeOf(one.stated, stated, otherwise), sizeOf(stated, one.stated, otherwise)];
      const isWithin = a && b && ((one.isPart && a.size <= b.size) || (isPart && b.size <= a.size));
      return a && b && isWithin !== true && !agreeInSize(a, b);
    });
    if (other) {
      return [one, other];
    }
  }
  return [];
}

/** The standard uncertainty; where one of the two has no coverage factor, U. */
function sizeOf(
  stated: StatedUncertainty | null,
  other: StatedUncertainty | null,
  otherwise: number | null,
): StatedSize | null {
  const [k, otherK] = [stated, other].map((each) => each?.k ?? otherwise);
  const divisor = isPositive(k) && isPositive(otherK) ? k : 1;
  return stated && isPositive(stated.U) ? { size: stated.U / divisor, step: (stated.step ?? 0) / divisor } : null;
}

/** How two uncertainties of a row contradict each other; null if there are not two. */
export function otherUncertainty([one, other]: readonly ByColumn[]): string | null {
  return one && other
    ? `its uncertainty is ${asText(one)} by "${one.name}" and ${asText(other)} by "${other.name}"`
    : null;
}

function asText({ stated: { U, k } }: ByColumn): string {
  return `U = ${U ?? 'NaN'}${k === null ? '' : ` (k = ${k})`}`;
}

export function isPositive(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
