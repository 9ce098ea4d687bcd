import { isCoverageFactor } from '../coverageFactors.js';
import type { Assessment, Position, UsedUncertainty } from './asked.js';
import { readingsOf } from './coverage.js';
import type { Readings } from './coverage.js';
import type { Errors } from './errors.js';
import type { ResultRow, SupportedResult } from './input.js';
import { isBelow, isPositive } from './numbers.js';
import { OUTCOMES } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { SupportPolicy } from './policy.js';
import { comparedBy } from './reference.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';

export interface RowFinding {
  /** The worst finding about the row or the whole result. */
  readonly outcome: Outcome;
  /** False: the row states no usable uncertainty. It is named, and a question about it is INCOMPLETE; the other rows count. */
  readonly counted: boolean;
  /** Reasons about this row only; those about the whole result are there. */
  readonly reasons: readonly Reason[];
  /** U / k; null if the row states none. */
  readonly u: number | null;
  /** For a row at zero: the floor that its references give to results that rest on it. The row itself is not compared with it. */
  readonly floor: number | null;
  /** u / floor. */
  readonly ratio: number | null;
  readonly position: Position | null;
  readonly references: readonly UsedUncertainty[];
  /** The nearest place that its sources cover, with the value last; null: its own place, or unknown. */
  readonly nearest: readonly number[] | null;
  /** The errors that it takes over from its sources, in its unit. */
  readonly errors: Errors;
}

/** The standard uncertainty of a row, or why it has none. */
export function readRow(row: ResultRow, policy: SupportPolicy): Readings | Reason {
  const { expanded, k, p } = row;
  if (expanded <= 0 || (Number.isFinite(k) && expanded / k === 0)) {
    return reason('uncertainty-zero');
  }
  if (!Number.isFinite(expanded)) {
    return reason('uncertainty-missing');
  }
  if (!isCoverageFactor(k, p)) {
    return reason('coverage-factor-unusable', Number.isFinite(k) ? { k } : {});
  }
  return readingsOf(row, policy) ?? reason('probability-unusable');
}

/** A row that cannot be read is left out; a row that states something impossible counts. */
export function isCounted({ code }: Reason): boolean {
  return code === 'uncertainty-zero' || code === 'probability-unusable';
}

/** Rows at zero of a ratio kind need no reference, because nothing is relative to zero. */
export function isZero({ scale }: SupportedResult, { y }: ResultRow): boolean {
  return scale === 'ratio' && y === 0;
}

export function lacksValue(result: SupportedResult, { y }: ResultRow): boolean {
  const { scale, method } = result;
  const isNeeded = comparedBy(result) === 'relative' || method === 'scaled' || method === 'product';
  return y === null ? isNeeded : !Number.isFinite(y) || (scale === 'coefficient' && y === 0);
}

/** Compares the uncertainty of a row with the assessment of its method class. */
export function judge(assessment: Assessment, { stated, strict }: Readings, policy: SupportPolicy): readonly Reason[] {
  const own = judgeOne(assessment, stated, policy);
  if (strict === stated) {
    return own;
  }
  const isWorse = rank(judgeOne(assessment, strict, policy)) > Math.max(rank(own), OUTCOMES.indexOf('note'));
  return [...own, reason(isWorse ? 'coverage-contradicts-open' : 'coverage-contradicts', { u: strict })];
}

function judgeOne(assessment: Assessment, u: number, { floorTolerance }: SupportPolicy): readonly Reason[] {
  const { floor, fails, caution, high } = assessment;
  if (floor === null || fails === null) {
    return [];
  }
  if (!isPositive(floor) || !isPositive(fails)) {
    const isExplained = assessment.reasons.some(({ outcome }) => outcome === 'missing');
    return isExplained ? [] : [reason('not-computable')];
  }
  const least = 1 - floorTolerance;
  if (isBelow(u, least * fails)) {
    return [reason('below-floor', { u, floor: fails })];
  }
  if (caution !== null && isBelow(u, least * caution)) {
    return [reason('undeclared-below-single', { u, floor: caution })];
  }
  if (isBelow(u, floor)) {
    return [reason('within-rounding', { u, floor })];
  }
  return high !== null && isBelow(u, high) ? [reason('between-nodes', { u, floor: high })] : [];
}

function rank(reasons: readonly Reason[]): number {
  return reasons.reduce((worst, { outcome }) => Math.max(worst, OUTCOMES.indexOf(outcome)), 0);
}
