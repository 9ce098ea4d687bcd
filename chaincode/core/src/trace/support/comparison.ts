import type { Asked, MethodClass, UsedUncertainty } from './asked.js';
import { sumOfErrors, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import { betweenReferences } from './interpolated.js';
import type { ResultRow } from './input.js';
import { coordinates } from './matching.js';
import { bestMean } from './mean.js';
import { isBelow, isPositive, minOf } from './numbers.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { beside, lookUpAll, outside, referencesOf } from './references.js';
import type { Found, References } from './references.js';

/** Comparison, substitution, simultaneous reading: no better than the best reference that was calibrated at this place. */
export function direct(asked: Asked): MethodClass {
  const references = referencesOf(asked);
  return {
    reasons: references.reasons,
    assess(row) {
      const covering = lookUpAll(references, row).filter(isCovering);
      const { low, high, ...found } = comparedWith(covering, row);
      return covering.length === 0
        ? outside(references, row)
        : { ...found, floor: low, fails: low, caution: null, high };
    },
  };
}

/**
 * Without a declaration, a direct comparison is assumed. An uncertainty that only a group or an interpolation could reach is
 * incomplete until declared.
 */
export function undeclared(asked: Asked): MethodClass {
  const references = referencesOf(asked);
  const between = betweenReferences(references, asked);
  return {
    reasons: references.reasons,
    assess(row) {
      const covering = lookUpAll(references, row).filter(isCovering);
      if (covering.length === 0) {
        return between()?.bracket(row) ?? outside(references, row);
      }
      const { low, high, ...found } = comparedWith(covering, row);
      return { ...found, floor: low, fails: togetherAt(references, covering, row).floor, caution: low, high };
    },
  };
}

/** The mean of several references: all have to cover the row, and each report counts once. */
export function group(asked: Asked): MethodClass {
  const references = referencesOf(asked);
  return {
    reasons: references.reasons,
    assess(row) {
      const found = lookUpAll(references, row);
      const covering = found.filter(isCovering);
      const { position, references: used, nearest, reasons } = comparedWith(covering, row);
      if (covering.length === 0) {
        return outside(references, row);
      }
      const left = found.filter((each) => !isCovering(each));
      const { floor, errors, reasons: shared } = togetherAt(references, covering, row);
      return {
        position,
        floor,
        fails: floor,
        caution: null,
        high: references.together(
          covering.map(({ reference: { source }, at }) => ({ source, u: at.high, errors: at.errors })),
          row,
        ).floor,
        references: used,
        nearest,
        errors,
        reasons: [
          ...reasons.filter(({ code }) => code !== 'no-uncertainty-there'),
          ...covering.filter(({ at }) => !isPositive(at.low)).map(({ reference }) => silent(reference.source.index)),
          ...left.map(({ reference }) => reason('group-not-covering', { source: reference.source.index })),
          reason('combined'),
          ...shared,
        ],
      };
    },
  };
}

function isCovering({ at }: Found): boolean {
  return at.position !== 'outside';
}

function edgeOf(covering: readonly Found[], row: ResultRow): Reason {
  return reason(
    'edge',
    beside(
      covering.map(({ reference }) => reference),
      row,
    ),
  );
}

function silent(source: number): Reason {
  return reason('no-uncertainty-there', { source });
}

function comparedWith(
  covering: readonly Found[],
  row: ResultRow,
): {
  readonly position: 'inside' | 'edge';
  readonly low: number;
  readonly high: number;
  readonly references: readonly UsedUncertainty[];
  readonly nearest: readonly number[] | null;
  readonly errors: Errors;
  readonly reasons: readonly Reason[];
} {
  const usable = covering.filter(({ at }) => isPositive(at.low));
  const position = covering.some(({ at }) => at.position === 'inside') ? 'inside' : 'edge';
  const reasons = position === 'edge' ? [edgeOf(covering, row)] : [];
  const [first] = covering;
  return {
    position,
    low: usable.length > 0 ? minOf(usable.map(({ at }) => at.low)) : NaN,
    high: usable.length > 0 ? minOf(usable.map(({ at }) => at.high)) : NaN,
    references: usable.map(({ reference, at: { low, high } }) => ({ source: reference.source.index, low, high })),
    nearest: position === 'edge' ? nearestOf(covering, row) : null,
    errors: errorsOf(usable, row),
    reasons: usable.length > 0 || !first ? reasons : [...reasons, silent(first.reference.source.index)],
  };
}

/**
 * The weights of the references are unknown, so those of their best mean are assumed: it has the most in common with every other mean.
 * References with a larger uncertainty than the row itself are left out: naming one in addition changes nothing.
 */
function errorsOf(usable: readonly Found[], { expanded, k }: ResultRow): Errors {
  const u = Math.max(expanded / k, minOf(usable.map(({ at }) => at.low)));
  const compared = usable.filter(({ at }) => !isBelow(u, at.low));
  const mean = bestMean(
    compared.map(({ reference: { source }, at }) => ({ report: source.report, u: at.low, errors: at.errors })),
  );
  return sumOfErrors((mean?.weights ?? []).map(([{ errors }, weight]) => timesErrors(errors, weight)));
}

/** For every argument, the nearest number that one of them covers; of two equally near, the smaller. */
function nearestOf(covering: readonly Found[], row: ResultRow): readonly number[] {
  return coordinates(row).map((value, column) => {
    const all = covering.map(({ at }) => at.nearest?.[column] ?? value);
    const distance = minOf(all.map((each) => Math.abs(each - value)));
    return minOf(all.filter((each) => Math.abs(each - value) === distance));
  });
}

function togetherAt(
  { together }: References,
  covering: readonly Found[],
  row: ResultRow,
): ReturnType<References['together']> {
  return together(
    covering.map(({ reference: { source }, at }) => ({ source, u: at.low, errors: at.errors })),
    row,
  );
}
