import { credibleExpanded } from '../coverageFactors.js';
import type { ResultRow, Source, SupportedResult } from './input.js';
import type { Lookup } from './interpolate.js';
import { axesOf, coordinatesIn, isNominal, isPlacedByValue, ownPairs } from './matching.js';
import type { Match } from './matching.js';
import { worse } from './nodes.js';
import type { Covered } from './nodes.js';
import { isBelow, isClose, isPositive } from './numbers.js';
import { marginAround, marginOf, neighbours, placesAlong } from './places.js';
import type { Tolerance } from './places.js';
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
  readonly policy: SupportPolicy;
}

/** The range of values at a place, or places in ascending order of the next argument. */
type Places = Range | Layer;

interface Layer {
  readonly at: readonly Range[];
  readonly tolerance: Tolerance;
  readonly next: readonly Places[];
}

/** The values of a source with a usable number for each matched argument; a value without an uncertainty covers nothing. */
export function valuePointsOf(source: Source, pairs: Match['pairs'], kind: string | null): readonly ValuePoint[] {
  const read = coordinatesIn(source);
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
  { kind, scale, values }: Pick<SupportedResult, 'kind' | 'scale' | 'values'>,
  policy: SupportPolicy,
): ValueRegion | undefined {
  const isDeclared = axesOf(source).some(
    (axis, place) => isNominal(axis, kind) && (source.range?.[place] ?? null) !== null,
  );
  if (values === 'finding' || isDeclared || points.length === 0) {
    return undefined;
  }
  const others = otherPairs(source, pairs, kind);
  const columns = others.map(({ column }) => column);
  const axes = axesOf(source);
  const own = pairs.find(({ axis }) => axes[axis] && isNominal(axes[axis], kind))?.column;
  const places = placesOf(points, kindsOf(source, others), policy);
  return { columns, own, places, isAdditive: scale === 'additive', policy };
}

/** The values of a source at a place: the value that the place names, otherwise those at its arguments. */
export function valuesBy(source: Source, policy: SupportPolicy): (x: readonly number[]) => Range {
  const pairs = ownPairs(source);
  const others = otherPairs(source, pairs, null);
  const places = placesOf(valuePointsOf(source, pairs, null), kindsOf(source, others), policy);
  return (x) => {
    const value = isPlacedByValue(source) ? x[axesOf(source).length] : undefined;
    return value === undefined ? valuesAt(places, x) : { min: value, max: value };
  };
}

/** A nominal value is no argument here: it does not stand for the value itself. */
function otherPairs(source: Source, pairs: Match['pairs'], kind: string | null): Match['pairs'] {
  const axes = axesOf(source);
  return pairs.filter(({ axis }) => axes[axis] && !isNominal(axes[axis], kind));
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
    const tolerance: Tolerance = (number) => marginAround(kinds[depth] ?? null, number, policy);
    const { at, groups } = placesAlong(some, ({ x }) => x[depth] ?? NaN, tolerance);
    return { at, tolerance, next: groups.map((group) => build(group, depth + 1)) };
  }
}

function hullOf(points: readonly ValuePoint[]): Range {
  let [min, max] = [Infinity, -Infinity];
  for (const { y } of points) {
    [min, max] = [Math.min(min, y), Math.max(max, y)];
  }
  return { min, max };
}

/** A lookup by arguments, and by the value of the row: the last coordinate. */
export function withValue(
  lookup: Lookup,
  region: ValueRegion | undefined,
  row: Pick<ResultRow, 'y' | 'expanded' | 'k'>,
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

function positionOf(
  { isAdditive, policy }: ValueRegion,
  { expanded, k }: Pick<ResultRow, 'expanded' | 'k'>,
  y: number,
  range: Range,
): Covered {
  const { min, max } = range;
  if (!isBelow(y, min) && !isBelow(max, y)) {
    return 'inside';
  }
  const own = credibleExpanded(expanded, k);
  const margin = Math.max(marginOf(range, null, isAdditive, policy)(y < min ? min : max, own), isAdditive ? own : 0);
  return isBelow(margin, Math.max(min - y, y - max)) ? 'outside' : 'edge';
}

/** Linear between the places around an argument; beyond the last place, the range of the last place. */
function valuesAt(places: Places, [x = NaN, ...others]: readonly number[]): Range {
  if (!('at' in places)) {
    return places;
  }
  const { indices, weight } = neighbours(places.at, x, places.tolerance);
  const [low = NOTHING, high] = indices.map((index) => valuesAt(places.next[index] ?? NOTHING, others));
  return high ? { min: between(low.min, high.min, weight), max: between(low.max, high.max, weight) } : low;
}

const NOTHING: Range = { min: NaN, max: NaN };

function between(a: number, b: number, weight: number): number {
  return (1 - weight) * a + weight * b;
}
