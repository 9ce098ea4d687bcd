import { credibleExpanded } from '../coverageFactors.js';
import { marginAround } from './around.js';
import type { ResultRow, Source, SupportedResult } from './input.js';
import type { Lookup } from './interpolate.js';
import { argumentsOf, axesOf } from './matching.js';
import type { Match } from './matching.js';
import { worse } from './nodes.js';
import type { Covered } from './nodes.js';
import { isBelow, isClose, isPositive } from './numbers.js';
import type { Range, SupportPolicy } from './policy.js';

/** A value of a source, by its arguments of other kinds. */
export interface ValuePoint {
  readonly x: readonly number[];
  readonly y: number;
}

/**
 * The ranges of values for which sources were calibrated, by their arguments: calibrations at 1 V, 50 Hz and 1000 V, 1 kHz do not
 * cover 1000 V at 50 Hz.
 */
export interface ValueRegion {
  /** Columns of a row for the arguments. */
  readonly columns: readonly number[];
  /** The column for an argument of the value's own kind: if that is the value itself, the arguments decide. */
  readonly own: number | undefined;
  readonly places: Places;
  /** Around a single value of an additive kind a row may be as far away as its own uncertainty. */
  readonly isAdditive: boolean;
  readonly edge: number;
}

/** The range of values at a place, or places in ascending order of the next argument. */
type Places = Range | Layer;

interface Layer {
  readonly at: readonly Range[];
  readonly next: readonly Places[];
}

/** The values of a source with a usable number for each matched argument; a value without an uncertainty covers nothing. */
export function valuePointsOf(source: Source, pairs: Match['pairs'], kind: string | null): readonly ValuePoint[] {
  const read = argumentsOf(source);
  const others = otherPairs(source, pairs, kind);
  return source.rows.flatMap((row) => {
    const all = read(row);
    const { y, u, isZeroOnly } = row;
    const isUsable = all && y !== null && Number.isFinite(y) && u !== null && isPositive(u) && isZeroOnly !== true;
    return isUsable ? [{ x: others.map(({ axis }) => all[axis] ?? NaN), y: row.covered?.y ?? y }] : [];
  });
}

/** Undefined if any value is allowed, or the sources give none. */
export function valueRegionOf(
  source: Source,
  pairs: Match['pairs'],
  points: readonly ValuePoint[],
  { kind, scale, values }: SupportedResult,
  policy: SupportPolicy,
): ValueRegion | undefined {
  const isDeclared = axesOf(source).some(
    (axis, place) => axis.kind === kind && (source.range?.[place] ?? null) !== null,
  );
  if (values === 'finding' || isDeclared || points.length === 0) {
    return undefined;
  }
  const others = otherPairs(source, pairs, kind);
  const columns = others.map(({ column }) => column);
  const own = pairs.find(({ axis }) => axesOf(source)[axis]?.kind === kind)?.column;
  const places = placesOf(points, kindsOf(source, others), policy);
  return { columns, own, places, isAdditive: scale === 'additive', edge: policy.edge };
}

/** The values of a source by all of its arguments. */
export function valuesBy(source: Source, policy: SupportPolicy): (x: readonly number[]) => Range {
  const pairs = axesOf(source).map((_, axis) => ({ axis, column: axis }));
  const places = placesOf(valuePointsOf(source, pairs, null), kindsOf(source, pairs), policy);
  return (x) => valuesAt(places, x);
}

/** A nominal value is no argument here: it does not stand for the value itself. */
function otherPairs(source: Source, pairs: Match['pairs'], kind: string | null): Match['pairs'] {
  const axes = axesOf(source);
  return pairs.filter(({ axis }) => axes[axis]?.kind !== kind);
}

/** Of the arguments. */
function kindsOf(source: Source, pairs: Match['pairs']): readonly (string | null)[] {
  const axes = axesOf(source);
  return pairs.map(({ axis }) => axes[axis]?.kind ?? null);
}

function placesOf(points: readonly ValuePoint[], kinds: readonly (string | null)[], policy: SupportPolicy): Places {
  return build(points, 0);

  function build(some: readonly ValuePoint[], depth: number): Places {
    if (depth === kinds.length) {
      return hullOf(some);
    }
    const coordinate = ({ x }: ValuePoint) => x[depth] ?? NaN;
    const sorted = [...some].sort((a, b) => coordinate(a) - coordinate(b));
    const groups: ValuePoint[][] = [];
    let first = NaN;
    for (const point of sorted) {
      // 49.998 Hz is the same place as 50 Hz: certificates state arguments as they were measured.
      if (isBelow(marginAround(kinds[depth] ?? null, first, policy), coordinate(point) - first)) {
        first = coordinate(point);
        groups.push([]);
      }
      groups.at(-1)?.push(point);
    }
    return {
      at: groups.map((group) => ({ min: coordinateOf(group[0], depth), max: coordinateOf(group.at(-1), depth) })),
      next: groups.map((group) => build(group, depth + 1)),
    };
  }
}

function coordinateOf(point: ValuePoint | undefined, depth: number): number {
  return point?.x[depth] ?? NaN;
}

function hullOf(points: readonly ValuePoint[]): Range {
  let [min, max] = [Infinity, -Infinity];
  for (const { y } of points) {
    [min, max] = [Math.min(min, y), Math.max(max, y)];
  }
  return { min, max };
}

/** A lookup by arguments, and by the value of the row. */
export function withValue(
  lookup: Lookup,
  region: ValueRegion | undefined,
  row: ResultRow,
  x: readonly number[],
): Lookup {
  if (!region || row.y === null || (region.own !== undefined && isClose(x[region.own] ?? NaN, row.y))) {
    return lookup;
  }
  const range = valuesAt(
    region.places,
    region.columns.map((column) => x[column] ?? NaN),
  );
  const nearest = [...(lookup.nearest ?? x)];
  nearest[x.length - 1] = Math.min(Math.max(row.y, range.min), range.max);
  return { ...lookup, position: worse(lookup.position, positionOf(region, row, row.y, range)), nearest };
}

function positionOf({ isAdditive, edge }: ValueRegion, row: ResultRow, y: number, { min, max }: Range): Covered {
  if (!isBelow(y, min) && !isBelow(max, y)) {
    return 'inside';
  }
  const single = isAdditive ? credibleExpanded(row.expanded, row.k) : edge * Math.abs(min);
  const margin = Math.max(edge * (max - min), single);
  return isBelow(margin, Math.max(min - y, y - max)) ? 'outside' : 'edge';
}

/** Linear between the places around an argument; beyond the last place, the range of the last place. */
function valuesAt(places: Places, [x = NaN, ...others]: readonly number[]): Range {
  if (!('at' in places)) {
    return places;
  }
  const above = firstNotBelow(places.at, x);
  const [a, b] = [places.at[above - 1], places.at[above]];
  const at = (index: number) => valuesAt(places.next[index] ?? NOTHING, others);
  if (!a || !b || !isBelow(x, b.min)) {
    return at(b ? above : above - 1);
  }
  const weight = (x - a.max) / (b.min - a.max);
  const [low, high] = [at(above - 1), at(above)];
  return { min: between(low.min, high.min, weight), max: between(low.max, high.max, weight) };
}

const NOTHING: Range = { min: NaN, max: NaN };

/** The first place whose end is at or above an argument. */
function firstNotBelow(at: readonly Range[], x: number): number {
  let [from, to] = [0, at.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBelow(at[middle]?.max ?? Infinity, x)) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

function between(a: number, b: number, weight: number): number {
  return (1 - weight) * a + weight * b;
}
