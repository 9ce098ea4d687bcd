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
): Place & { readonly value: number | null } {
  const { points, at, kind } = source;
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

const PLACED: Readonly<Record<Place['where'], Outcome>> = { inside: 'sound', edge: 'note', outside: 'missing' };

function placed(places: readonly Place[]): readonly Outcome[] {
  return places.map(({ where }) => PLACED[where]);
}

export function derivedFloor(of: PlainCase, row: PlainRow): PlainFloor {
  const { method } = of;
  const isProduct = method === 'product';
  const inputs = basisOf(of).map((source) => ({ source, ...inputPlace(source, of, isProduct) }));
  const factor = ({ exponent, sensitivity }: PlainSource) => (isProduct ? exponent : sensitivity);
  const known = inputs.filter(({ where }) => where !== 'outside');
  const floor = rootOf(known.map(({ source, u }) => factor(source) * u)) * (isProduct ? Math.abs(row.y) : 1);
  const isOpen = floor === 0 || (method !== 'general' && contradicts(of, row));
  const outcomes = [...placed(inputs), isOpen ? ('missing' as const) : ('sound' as const)];
  return known.length === 0 ? { ...NOTHING, outcomes } : { outcomes, floor, fails: floor, caution: null };
}

/** If a product or a sum states the places of all its inputs, it has to give the value of the row, within 2 % or its U. */
function contradicts(of: PlainCase, { y, expanded, k }: PlainRow): boolean {
  const inputs = of.sources.filter((source) => ['reference', 'input', 'ratio'].includes(roleOf(source, of)));
  if (inputs.some(({ at, points }) => at === null || points.length === 0)) {
    return false;
  }
  const credible = Math.min(expanded, (3.3171 * expanded) / k);
  const terms = inputs.map(({ at, points, exponent, sensitivity }) => {
    // At the edge of what it covers an input counts as at the nearest place inside: tolerances do not add up.
    const used = inside(at ?? NaN, points);
    return of.method === 'product' ? Math.abs(used) ** exponent : sensitivity * used;
  });
  if (of.method === 'product') {
    const given = terms.reduce((product, term) => product * term, 1);
    return Math.abs(given - Math.abs(y)) > Math.max(EDGE * Math.abs(y), credible);
  }
  const given = terms.reduce((sum, term) => sum + term, 0);
  return Math.abs(given - y) > Math.max(EDGE * Math.max(...terms.map(Math.abs)), credible);
}

function inside(x: number, points: readonly PlainPoint[]): number {
  const xs = points.map(([at]) => at);
  return Math.min(Math.max(x, Math.min(...xs)), Math.max(...xs));
}

export function scaledFloor(of: PlainCase, row: PlainRow): PlainFloor {
  const references = basisOf(of).map((source) => ({ source, ...inputPlace(source, of, true) }));
  const named = of.sources.filter(({ role }) => role === 'ratio');
  const ratios = named
    .filter(({ points }) => points.length > 0)
    .map((source) => ({ source, ...inputPlace(source, of, true) }));
  const covering = references.filter(({ where }) => where !== 'outside');
  const best = covering.length > 0 ? covering.reduce((a, b) => (b.u < a.u ? b : a)) : references[0];
  const used = [...(best ? [best] : []), ...ratios];
  const known = used.filter(({ where }) => where !== 'outside');
  const floor = Math.abs(row.y) * rootOf(known.map(({ u }) => u));
  const isPlaced = ratios.every(({ source }) => source.at !== null);
  const outcomes: Outcome[] = [
    ...placed(used),
    named.length === 0 ? 'note' : 'sound',
    isPlaced ? 'sound' : reachable(references, ratios, row),
  ];
  return known.length === 0 ? { ...NOTHING, outcomes } : { outcomes, floor, fails: floor, caution: null };
}

/** The ratio of the value to that of its standard lies, in either direction and within 2 %, in what the steps cover together. */
function reachable(
  references: readonly { readonly source: PlainSource }[],
  ratios: readonly { readonly source: PlainSource }[],
  { y }: PlainRow,
): Outcome {
  const rangeOf = ({ source: { at, points } }: { readonly source: PlainSource }) => {
    const values = at === null ? points.map(([, value]) => value) : [at];
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [low, high] = ratios.map(rangeOf).reduce(([a, b], [c, d]) => [a * c, b * d] as const);
  const beyond = references.map(rangeOf).flatMap(([min, max]) => {
    const [from, to] = [Math.abs(y) / max, Math.abs(y) / min];
    return [Math.max(from / high, low / to), Math.max(1 / to / high, low / (1 / from))];
  });
  const least = Math.min(...beyond);
  return least <= 1 ? 'sound' : least <= 1 + EDGE ? 'note' : 'missing';
}
