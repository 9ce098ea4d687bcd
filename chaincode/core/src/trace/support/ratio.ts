import type { Asked } from './asked.js';
import { inputOf } from './contributions.js';
import type { Input } from './contributions.js';
import type { ResultRow } from './input.js';
import { calibratedValues, valuesUsed } from './model.js';
import { hullOf } from './nodes.js';
import { isBelow, isClose, isPositive, minOf, sizesOf } from './numbers.js';
import type { Range } from './policy.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { isOwnArgument } from './restated.js';

/*
 * A report need not state the ratios that it used: they follow from its value and that of its standard. Otherwise a report could hide
 * the use of a bridge beyond its calibration by leaving out the ratio. Ratios that it states have to lead from one to the other.
 */

/** Each step was used up or down; of more steps than this, all were used in the same direction. */
const MOST_TURNS = 4;

/**
 * Compares the ratio between a standard and a row with the ratios of all steps together: those that are stated, otherwise those for
 * which their sources are calibrated. If there are several standards, one that fits is enough: the report does not state which one a
 * row was scaled from.
 */
export function ratioReasonsOf(
  asked: Asked,
  references: readonly Input[],
  ratios: readonly Input[],
): (row: ResultRow, index: number) => readonly Reason[] {
  const unplaced = ratios.find(({ source }) => source.use.at === null);
  const [first] = ratios;
  // A ratio in decibels would be added; the laboratory has to declare an exact relation instead.
  if (!first || ratios.some(({ source }) => source.scale === 'additive')) {
    return () => [];
  }
  const { index: source } = (unplaced ?? first).source;
  const standards = references.map((input) => sizesUsed(input, asked));
  const steps = stepsOf(ratios, asked);
  return (row, index) => {
    const all = steps.map((of) => of(index));
    const together = all.reduce(product);
    const needed = standards.map((of) => quotient(Math.abs(row.y ?? NaN), of(index))).filter(isKnown);
    if (!isKnown(together) || needed.length === 0) {
      return [];
    }
    const reached = reachedBy(all);
    const least = minOf(needed.flatMap((ratio) => reached.map((each) => timesBeyond(ratio, each))));
    const [nearest = together] = needed;
    if (isBelow(1 + asked.policy.edge, least)) {
      const parts = { source, ratio: nearestTo(together, nearest), ratios: together };
      return [reason(unplaced ? 'ratio-outside' : 'ratio-contradicts', parts)];
    }
    return unplaced && isBelow(1, least) ? [reason('input-edge', { source })] : [];
  };
}

/** The ratios of each use, whatever results its source gives. */
function stepsOf(ratios: readonly Input[], asked: Asked): readonly ((index: number) => Range)[] {
  const steps = new Map<string, ((index: number) => Range)[]>();
  for (const input of ratios) {
    const { report, kind, use } = input.source;
    const key = JSON.stringify([report, kind, use.at]);
    steps.set(key, [...(steps.get(key) ?? []), sizesUsed(input, asked)]);
  }
  return Array.from(steps.values(), (all) => (index: number) => {
    const ranges = all.map((of) => of(index));
    return hullOf(ranges.flatMap(({ min, max }) => [min, max]));
  });
}

/** The ratios that steps reach together. */
function reachedBy(steps: readonly Range[]): readonly Range[] {
  if (steps.length > MOST_TURNS) {
    const together = steps.reduce(product);
    return [together, quotient(1, together)];
  }
  return steps.reduce<readonly Range[]>(
    (all, step) => all.flatMap((each) => [product(each, step), product(each, quotient(1, step))]),
    [{ min: 1, max: 1 }],
  );
}

/**
 * The only step of a scaled result, at the ratio that it must have had: between the row and its standards, if the places of these are
 * known. Otherwise, or if it was not calibrated for this ratio, as the report states it.
 */
export function ratioNeeded(step: Input, asked: Asked, references: readonly Input[]): Input {
  const { source } = step;
  const standards = references.map((input) => sizesUsed(input, asked));
  const isOwn = source.rows.every(({ y }) => y !== null && y > 0) && source.scale === 'ratio';
  const { rows } = asked.result;
  const isPlain = source.use.at === null && isOwnArgument(source) && isOwn && standards.length > 0;
  const isKnownAt = standards.every((of) => rows.every((_, index) => isClose(of(index).min, of(index).max)));
  if (!isPlain || !isKnownAt) {
    return step;
  }
  const needed = standards.flatMap((of) => {
    const up = rows.map(({ y }, index) => Math.abs(y ?? NaN) / of(index).max);
    return [up, up.map((ratio) => 1 / ratio)];
  });
  const all = needed.map((at) => inputOf({ ...source, use: { ...source.use, at } }, asked, 'relative'));
  return {
    source,
    reasons: [],
    at(index) {
      const found = all.map((each) => each.at(index)).filter(({ position }) => position !== 'outside');
      const known = found.filter(({ low }) => isPositive(low));
      const least = minOf(known.map(({ low }) => low));
      const best = known.find(({ low }) => low === least);
      return best ? { ...best, position: 'inside' } : step.at(index);
    },
  };
}

/** The place where it was used; if unknown, any place within its calibration. Without signs. */
function sizesUsed(input: Input, asked: Asked): (index: number) => Range {
  const used = valuesUsed(input, asked);
  if (used) {
    return (index) => sizesOf(used(index, undefined));
  }
  const anywhere = sizesOf(calibratedValues(input.source));
  return () => anywhere;
}

/** A standard that is calibrated down to zero may have been used at any small value. */
function quotient(value: number, { min, max }: Range): Range {
  return { min: value / max, max: min === 0 ? Number.MAX_VALUE : value / min };
}

function product(a: Range, b: Range): Range {
  return { min: a.min * b.min, max: a.max * b.max };
}

/** False for a source without values, which other findings report. */
function isKnown({ min, max }: Range): boolean {
  return Number.isFinite(min) && Number.isFinite(max) && min <= max && max > 0;
}

/** The factor by which one range lies above or below the other; at most 1 if they touch. */
function timesBeyond(ratio: Range, { min, max }: Range): number {
  return Math.max(ratio.min / max, min / ratio.max);
}

function nearestTo({ min }: Range, ratio: Range): number {
  return ratio.max < min ? ratio.max : ratio.min;
}
