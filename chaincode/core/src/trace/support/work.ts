import { ancestryOf } from './ancestry.js';
import type { Said, Source, SupportedResult } from './input.js';
import { isNominal, isPlacedByValue } from './matching.js';
import { stepsOf } from './mean.js';
import { MOST_ARGUMENTS } from './references.js';

/**
 * Limit of the comparisons of a decision, to be taken from a budget beforehand. It is rows times sources times the logarithm of their
 * rows: a source is sorted once, and each row finds its place by bisection, on both sides of every argument.
 *
 * @param room What is left of the budget: it limits how far the sources are followed upwards.
 */
export function comparisonsOf(
  { rows, only, method }: SupportedResult,
  sources: readonly Source[],
  room = Infinity,
): number {
  const count = only?.size ?? rows.length;
  let [sorting, asking, all] = [0, 0, 0];
  for (const source of sources) {
    const { rows: points, axes } = source;
    const hasRegion = tablesOf(source) === 2;
    const places = method === 'scaled' ? placesOf(source, sources) : 1;
    const bisections = bisectionsOf(source) + (hasRegion ? bisectionsIn(axes.length) : 0);
    sorting += (places * tablesOf(source) * points.length * depthOf(points.length)) / SORTING_STEPS;
    asking += places * bisections * depthOf(points.length);
    all += points.length;
  }
  const isTogether = sources.length > 1 && (method === 'interpolated' || method === 'undeclared');
  if (isTogether) {
    sorting += (all * depthOf(all)) / SORTING_STEPS;
    asking += depthOf(all);
  }
  const above = isTogether || method === 'group' ? workAbove(sources, room) : NOTHING;
  const errors = Math.floor((count * errorsIn(sources)) / ERROR_STEPS);
  return Math.ceil(sorting + above.sorting) + count * asking + Math.max(count, 1) * above.asking + errors;
}

/** By their uncertainties and, with further arguments, by their values too. */
function tablesOf({ axes, kind }: Source): number {
  return axes.some((axis) => !isNominal(axis, kind)) ? 2 : 1;
}

/** A ratio that is not stated is looked up for each standard, in either direction. */
function placesOf({ use: { role, at } }: Source, { length }: readonly Source[]): number {
  return role === 'ratio' && at === null ? 2 * length : 1;
}

/** Once, and for each row. */
interface Work {
  readonly sorting: number;
  readonly asking: number;
}

const NOTHING: Work = { sorting: 0, asking: 0 };

/** The cost of following the sources upwards; more than the budget if they are not followed to their end. */
function workAbove(sources: readonly Source[], room: number): Work {
  const ancestry = ancestryOf(sources, Math.max(room, 0) * ANCESTRY_STEPS);
  if (!ancestry) {
    return { sorting: Infinity, asking: 0 };
  }
  const { said, numbers, steps } = ancestry;
  // Other rows may have other members, whose sources are followed again.
  let [sorting, asking] = [0, numbers + Math.floor(steps / ANCESTRY_STEPS)];
  for (const each of said) {
    const { length } = each.rows;
    sorting += (length * depthOf(length)) / SORTING_STEPS;
    asking += bisectionsOf(each) * depthOf(length);
  }
  return { sorting, asking };
}

/** The errors that a row takes over are compared with those of every other report; the best mean is found step by step. */
function errorsIn(sources: readonly Source[]): number {
  const reports = new Set(sources.map(({ report }) => report)).size;
  const errors = sources.reduce((sum, { rows }) => sum + mostErrors(rows), 0);
  return errors * reports + (reports > 1 ? reports * stepsOf(reports) : 0);
}

function mostErrors(rows: Source['rows']): number {
  return rows.reduce((most, { errors }) => Math.max(most, errors?.size ?? 1), 1);
}

/** A question of a row costs as much as this many steps of a sort. */
const SORTING_STEPS = 4;
/** And as this many steps from a result to its sources. */
const ANCESTRY_STEPS = 16;

/** And as this many errors in common with others. */
const ERROR_STEPS = 64;

/** On both sides of every coordinate. */
function bisectionsOf(source: Said): number {
  const { length } = source.axes;
  // The value may lie between two rows of each place.
  return bisectionsIn(length) + (isPlacedByValue(source) ? 1 << Math.min(length, MOST_ARGUMENTS) : 0);
}

/** On both sides of every argument. */
function bisectionsIn(length: number): number {
  return (1 << Math.min(Math.max(length, 1), MOST_ARGUMENTS)) - 1;
}

/** Steps of a bisection. */
function depthOf(count: number): number {
  let depth = 1;
  for (let reached = 1; reached < count; reached *= 2) {
    depth += 1;
  }
  return depth;
}
