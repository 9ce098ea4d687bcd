import type { Asked, UsedSource } from './asked.js';
import type { Input } from './contributions.js';
import type { ResultRow } from './input.js';
import { axesOf } from './matching.js';
import { valuesUsed } from './model.js';
import { hullOf } from './nodes.js';
import { isBelow, minOf } from './numbers.js';
import type { Range } from './policy.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { valuePointsOf } from './valueRegion.js';

/*
 * A report need not state the ratios that it used: they follow from its value and that of its standard. Otherwise a report could hide
 * the use of a bridge beyond its calibration by leaving out the ratio.
 */

/**
 * Compares the ratio between a standard and a row with the calibrated ratios of all its sources together, in either direction. If
 * there are several standards, one that fits is enough: the report does not state which one a row was scaled from.
 */
export function ratioReasonsOf(
  asked: Asked,
  references: readonly Input[],
  ratios: readonly Input[],
): (row: ResultRow, index: number) => readonly Reason[] {
  const unplaced = ratios.find(({ source }) => source.use.at === null);
  // A ratio in decibels would be added; the laboratory has to declare an exact relation instead.
  if (!unplaced || ratios.some(({ source }) => source.scale === 'additive')) {
    return () => [];
  }
  const source = unplaced.source.index;
  const [standards, steps] = [references, ratios].map((all) => all.map((input) => sizesUsed(input, asked)));
  return (row, index) => {
    const calibrated = (steps ?? []).map((of) => of(index)).reduce(product);
    const needed = (standards ?? []).map((of) => quotient(Math.abs(row.y ?? NaN), of(index))).filter(isKnown);
    if (!isKnown(calibrated) || needed.length === 0) {
      return [];
    }
    const found = needed.flatMap((ratio) => [ratio, quotient(1, ratio)].map((each) => timesBeyond(each, calibrated)));
    const least = minOf(found);
    if (!isBelow(1, least)) {
      return [];
    }
    const [first = calibrated] = needed;
    return isBelow(1 + asked.policy.edge, least)
      ? [reason('ratio-outside', { source, ratio: nearestTo(calibrated, first), ratios: calibrated })]
      : [reason('input-edge', { source })];
  };
}

/** The place where it was used; if unknown, any place within its calibration. Without signs. */
function sizesUsed(input: Input, asked: Asked): (index: number) => Range {
  const used = valuesUsed(input, asked);
  if (used) {
    return (index) => sizesOf(used(index, undefined));
  }
  const anywhere = sizesOf(rangeOf(input.source));
  return () => anywhere;
}

function rangeOf(source: UsedSource): Range {
  const own = axesOf(source).findIndex(({ kind }) => kind === source.kind);
  return source.range?.[own] ?? hullOf(valuePointsOf(source, [], null).map(({ y }) => y));
}

function sizesOf({ min, max }: Range): Range {
  const [low, high] = [Math.min(Math.abs(min), Math.abs(max)), Math.max(Math.abs(min), Math.abs(max))];
  return min <= 0 && max >= 0 ? { min: 0, max: high } : { min: low, max: high };
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
