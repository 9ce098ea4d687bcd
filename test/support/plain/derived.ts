import type { Outcome, Scale } from '@tracecal/core/support';
import { basisOf, EDGE, NOTHING, roleOf } from './case.js';
import type { PlainCase, PlainFloor, PlainPoint, PlainRow, PlainSource } from './case.js';
import { linear, rootOf, whereAmong } from './places.js';
import type { Place } from './places.js';

/** What an input gives where it was used, else its best: standard uncertainties, absolute or as part of the value. */
function inputPlace(
  source: PlainSource,
  of: PlainCase,
  isRelative: boolean,
  row?: PlainRow,
): Place & { readonly value: number | null } {
  const { points, at, kind } = source;
  if (at === null && row && isOverFrequency(source, of) && points.length > 1) {
    const where = whereAmong(points, row.x, of, row);
    return { where, u: linear(points, row.x, ([, y, each]) => (isRelative ? each / Math.abs(y) : each)), value: null };
  }
  if (at === null) {
    return {
      where: 'inside',
      u: Math.min(...points.map(([, y, u]) => (isRelative ? u / Math.abs(y) : u))),
      value: null,
    };
  }
  const scale: Scale = kind === of.kind ? of.scale : kind === 'additive' ? 'additive' : 'ratio';
  const [first] = points;
  // Around a single point of an additive kind its own standard uncertainty counts.
  const where = whereAmong(points, at, { scale }, { expanded: first?.[2] ?? NaN, k: 1 });
  const u = linear(points, at, ([, , each]) => each);
  return { where, u: isRelative ? u / Math.abs(at) : u, value: at };
}

/** Its place is an argument that the result states too. */
function isOverFrequency({ kind }: PlainSource, { kind: own, scale }: PlainCase): boolean {
  return kind === own && scale === 'coefficient';
}

/** Of the sources over the argument of the row, none was used there. */
function elsewhere(of: PlainCase, sources: readonly PlainSource[], { x }: PlainRow): Outcome {
  const all = sources.filter((source) => isOverFrequency(source, of));
  const isThere = ({ at, points }: PlainSource) => {
    const used = at ?? (points.length === 1 ? (points[0]?.[0] ?? NaN) : x);
    return Math.abs(used - x) <= EDGE * Math.max(Math.abs(used), Math.abs(x)) * (1 + 1e-9);
  };
  return all.length > 0 && !all.some(isThere) ? 'missing' : 'sound';
}

const PLACED: Readonly<Record<Place['where'], Outcome>> = { inside: 'sound', edge: 'note', outside: 'missing' };

function placed(places: readonly Place[]): readonly Outcome[] {
  return places.map(({ where }) => PLACED[where]);
}

export function derivedFloor(of: PlainCase, row: PlainRow): PlainFloor {
  const { method } = of;
  const isProduct = method === 'product';
  const inputs = basisOf(of).map((source) => ({ source, ...inputPlace(source, of, isProduct, row) }));
  const factor = ({ exponent, sensitivity }: PlainSource) => (isProduct ? exponent : sensitivity);
  const known = inputs.filter(({ where }) => where !== 'outside');
  const floor = rootOf(known.map(({ source, u }) => factor(source) * u)) * (isProduct ? Math.abs(row.y) : 1);
  const isOpen = floor === 0 || (method !== 'general' && contradicts(of, row));
  const outcomes = [
    ...placed(inputs),
    elsewhere(of, basisOf(of), row),
    isOpen ? ('missing' as const) : ('sound' as const),
  ];
  return known.length === 0 ? { ...NOTHING, outcomes } : { outcomes, floor, fails: floor, caution: null };
}

/**
 * If a product or a sum states the places of all its inputs, it has to give the value of the row: within its U or, unless the kind is
 * additive, 2 % of the value.
 */
function contradicts(of: PlainCase, { y, expanded, k }: PlainRow): boolean {
  const inputs = of.sources.filter((source) => ['reference', 'input', 'ratio'].includes(roleOf(source, of)));
  if (inputs.some(({ at, points }) => at === null || points.length === 0)) {
    return false;
  }
  const credible = Math.min(expanded, (3.3171 * expanded) / k);
  const part = of.scale === 'additive' ? 0 : EDGE * Math.abs(y);
  // At the edge of what it covers an input counts as at the nearest place inside, or as stated: tolerances do not add up.
  const covered = formulaOf(of, inputs, ({ at, points }) => inside(at ?? NaN, points));
  const stated = formulaOf(of, inputs, ({ at }) => at ?? NaN);
  return Math.abs(covered - y) > Math.max(part, credible) && Math.abs(stated - y) > credible;
}

function formulaOf(of: PlainCase, inputs: readonly PlainSource[], placeOf: (source: PlainSource) => number): number {
  return of.method === 'product'
    ? inputs.reduce((product, each) => product * placeOf(each) ** each.exponent, 1)
    : inputs.reduce((sum, each) => sum + each.sensitivity * placeOf(each), 0);
}

function inside(x: number, points: readonly PlainPoint[]): number {
  const xs = points.map(([at]) => at);
  return Math.min(Math.max(x, Math.min(...xs)), Math.max(...xs));
}

export function scaledFloor(of: PlainCase, row: PlainRow): PlainFloor {
  const references = basisOf(of).map((source) => ({ source, ...inputPlace(source, of, true, row) }));
  const named = of.sources.filter(({ role }) => role === 'ratio');
  const steps = named
    .filter(({ points }) => points.length > 0)
    .map((source) => ({ source, ...inputPlace(source, of, true) }));
  const ratios = steps.map((step) => (steps.length === 1 ? atNeeded(step, references, row) : step));
  const covering = references.filter(({ where }) => where !== 'outside');
  const best = covering.length > 0 ? covering.reduce((a, b) => (b.u < a.u ? b : a)) : references[0];
  const used = [...(best ? [best] : []), ...ratios];
  const known = used.filter(({ where }) => where !== 'outside');
  const floor = Math.abs(row.y) * rootOf(known.map(({ u }) => u));
  const outcomes: Outcome[] = [
    ...placed(used),
    elsewhere(of, basisOf(of), row),
    named.length === 0 ? 'note' : 'sound',
    ratios.length === 0 ? 'sound' : reachable(references, ratios, row),
  ];
  return known.length === 0 ? { ...NOTHING, outcomes } : { outcomes, floor, fails: floor, caution: null };
}

interface Step extends Place {
  readonly source: PlainSource;
}

function rangeOf({ at, points }: PlainSource): readonly [number, number] {
  const values = at === null ? points.map(([, value]) => value) : [at];
  return [Math.min(...values), Math.max(...values)];
}

/** The only step, if its ratio is not stated but follows from the value of the row and those of its standards. */
function atNeeded<T extends Step>(step: T, references: readonly Step[], { y }: PlainRow): T {
  const standards = references.map(({ source }) => rangeOf(source));
  const { at, points } = step.source;
  if (at !== null || standards.length === 0 || standards.some(([min, max]) => min !== max)) {
    return step;
  }
  const needed = standards.flatMap(([x]) => [Math.abs(y) / x, x / Math.abs(y)]);
  const us = needed
    .filter((ratio) => whereAmong(points, ratio, { scale: 'ratio' }, { expanded: NaN, k: 1 }) !== 'outside')
    .map((ratio) => linear(points, ratio, ([, , u]) => u) / ratio);
  return us.length > 0 ? { ...step, u: Math.min(...us) } : step;
}

/** The steps, each used up or down, lead from a standard to the row within 2 %. Ratios that are not stated get a note for that. */
function reachable(references: readonly Step[], ratios: readonly Step[], { y }: PlainRow): Outcome {
  const reached = ratios
    .map(({ source }) => rangeOf(source))
    .reduce<readonly (readonly [number, number])[]>(
      (all, [low, high]) => all.flatMap(([a, b]) => [[a * low, b * high] as const, [a / high, b / low] as const]),
      [[1, 1]],
    );
  const beyond = references.flatMap(({ source }) => {
    const [min, max] = rangeOf(source);
    return reached.map(([low, high]) => Math.max(Math.abs(y) / max / high, (low * min) / Math.abs(y)));
  });
  const least = Math.min(...beyond);
  const isStated = ratios.every(({ source }) => source.at !== null);
  return least > 1 + EDGE ? 'missing' : least > 1 && !isStated ? 'note' : 'sound';
}
