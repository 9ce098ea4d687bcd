import { whyNoLimitAtZero } from '../../model/index.js';
import type { AccreditationLine } from '../../model/index.js';
import { convertedDifference } from './convert.js';
import { coverage } from './coverage.js';
import type { Coverage, CoverageCondition } from './coverage.js';
import { CMC_POLICY } from './policy.js';
import type { CmcPolicy } from './policy.js';
import type { MeasuredRow, Work } from './row.js';
import { claimedU95 } from './u95.js';
import type { U95Reading } from './u95.js';
import { cmcAt } from './value.js';

/** What was compared, in the unit of the line. */
export interface Comparison<Line extends AccreditationLine> {
  readonly line: Line;
  /** As the certificate states it, in its own unit. */
  readonly row: MeasuredRow;
  /** Whether the report states the method that the line names. */
  readonly byMethod: boolean;
  /** The row is just beyond a nominal end of the line, or a zero below it. */
  readonly isBeyond: boolean;
  readonly value: number;
  readonly u95: number;
  readonly reading: U95Reading;
  readonly cmc: number;
  /** `u95 / cmc`; null at the value 0 if a purely relative CMC is 0 there, or if the line does not reach it: a ratio does not exist. */
  readonly ratio: number | null;
}

/**
 * What an accreditation says about a row: `sound` if its uncertainty is not below the CMC, `note` if it is below by no more
 * than rounding, `failed` if it is below the CMC of a line that covers it, `missing` if no line covers it or if it has no
 * uncertainty to compare.
 */
export type CmcJudgement<Line extends AccreditationLine = AccreditationLine> =
  | { readonly outcome: 'sound' | 'note' | 'failed'; readonly compared: Comparison<Line> }
  | {
      readonly outcome: 'missing';
      readonly reason: 'not-covered';
      /** The line with the fewest unmet conditions, and these conditions; null if no line has this kind of quantity. */
      readonly nearest: { readonly line: Line; readonly lacks: readonly CoverageCondition[] } | null;
    }
  | {
      readonly outcome: 'missing';
      /** The row states no usable uncertainty, or no number can be computed for it or for the CMC. */
      readonly reason: 'no-uncertainty' | 'not-computable';
    };

/** Relative tolerance of a comparison for the rounding of unit conversions: far below the digits of any certificate. */
const ROUNDING = 1e-9;

/**
 * Compares a row with the lines of an accreditation on a day of the work. If several lines cover it, those that name a method stated
 * in the report come first; among these, the line with the smallest CMC applies.
 *
 * An institute's row that is `missing` for `not-covered` is outside its published CMCs: the caller decides what that means.
 *
 * @param lines May have further members, e.g. the body and number of the accreditation: the judgement returns the object that was
 * passed.
 */
export function judge<Line extends AccreditationLine>(
  row: MeasuredRow,
  lines: readonly Line[],
  work: Work,
  policy: CmcPolicy = CMC_POLICY,
): CmcJudgement<Line> {
  const examined = lines.map((line) => ({ line, coverage: coverage(line, row, work, policy) }));
  const covering = examined.flatMap(({ line, coverage: found }) => (found.covered ? [{ line, found }] : []));
  if (covering.length === 0) {
    return { outcome: 'missing', reason: 'not-covered', nearest: nearestOf(examined) };
  }
  const u95 = row.uncertainty ? claimedU95(row.uncertainty, policy) : undefined;
  if (u95 === undefined) {
    return { outcome: 'missing', reason: 'no-uncertainty' };
  }
  const stated = covering.filter(({ found }) => found.byMethod);
  const candidates = (stated.length > 0 ? stated : covering).map(({ line, found }): Comparison<Line> => {
    const value = convertedDifference(u95.value, row.unit, line.unit);
    const { position, byMethod, isBeyond, isZero } = found;
    const cmc = isZero ? 0 : cmcAt(line, position);
    const ratio = cmc > 0 ? value / cmc : null;
    return { line, row, byMethod, isBeyond, value: position.value, u95: value, reading: u95.reading, cmc, ratio };
  });
  const compared = smallestCmc(candidates.filter(isComputed));
  return compared
    ? { outcome: outcomeOf(compared, policy), compared }
    : { outcome: 'missing', reason: 'not-computable' };
}

function outcomeOf(
  { u95, cmc, ratio, isBeyond }: Comparison<AccreditationLine>,
  { accept }: CmcPolicy,
): 'sound' | 'note' | 'failed' {
  if (ratio === null) {
    return 'note';
  }
  const isAccepted = u95 > accept * cmc * (1 + ROUNDING);
  return !isAccepted ? 'failed' : isBeyond || u95 < cmc * (1 - ROUNDING) ? 'note' : 'sound';
}

/**
 * Fails closed: numbers that became infinite or zero are not compared. Only the CMC of a value of 0 may be 0, where that is a natural
 * zero: at 0 °C, a part of the value would allow any uncertainty.
 */
function isComputed({ line, u95, cmc, value, ratio }: Comparison<AccreditationLine>): boolean {
  return (
    Number.isFinite(u95) &&
    u95 > 0 &&
    Number.isFinite(cmc) &&
    (ratio === null ? cmc === 0 && value === 0 && whyNoLimitAtZero(line) === undefined : Number.isFinite(ratio))
  );
}

/** The line with the smallest CMC, across units; of equal ones (within rounding) the first. */
function smallestCmc<Line extends AccreditationLine>(
  candidates: readonly Comparison<Line>[],
): Comparison<Line> | undefined {
  const partOf = ({ ratio }: Comparison<Line>) => ratio ?? Infinity;
  return candidates.reduce<Comparison<Line> | undefined>(
    (best, next) => (best === undefined || partOf(next) > partOf(best) * (1 + ROUNDING) ? next : best),
    undefined,
  );
}

function nearestOf<Line extends AccreditationLine>(
  examined: readonly { readonly line: Line; readonly coverage: Coverage }[],
): { readonly line: Line; readonly lacks: readonly CoverageCondition[] } | null {
  const ofKind = examined.flatMap(({ line, coverage: found }) =>
    found.covered || found.lacks.includes('kind') ? [] : [{ line, lacks: found.lacks }],
  );
  return ofKind.reduce<(typeof ofKind)[number] | null>(
    (best, next) => (best === null || next.lacks.length < best.lacks.length ? next : best),
    null,
  );
}
