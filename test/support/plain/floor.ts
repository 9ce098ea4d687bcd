import type { Outcome } from '@tracecal/core/support';
import { basisOf, NOTHING } from './case.js';
import type { PlainCase, PlainFloor, PlainPoint, PlainRow, PlainSource } from './case.js';
import { derivedFloor, scaledFloor } from './derived.js';
import { combined, linear, whereAmong } from './places.js';
import type { Place } from './places.js';

export function plainFloor(of: PlainCase, row: PlainRow): PlainFloor {
  const found = of.method === 'natural' ? naturalFloor(of, row) : floorOf(of, row);
  if (of.scale === 'ratio' && row.y === 0) {
    return { ...NOTHING, outcomes: ['note'] };
  }
  return found;
}

function naturalFloor(of: PlainCase, row: PlainRow): PlainFloor {
  const isZero = of.scale === 'ratio' && row.y === 0;
  return { ...NOTHING, outcomes: [isZero ? 'note' : row.methodInScope ? 'attested' : 'missing'] };
}

function floorOf(of: PlainCase, row: PlainRow): PlainFloor {
  switch (of.method) {
    case 'scaled':
      return scaledFloor(of, row);
    case 'product':
    case 'sum':
    case 'general':
      return derivedFloor(of, row);
    default:
      return comparedFloor(of, row);
  }
}

function comparedFloor(of: PlainCase, row: PlainRow): PlainFloor {
  const all = basisOf(of);
  const places = all.map((source) => ({ source, ...placeIn(source, row.x, of, row) }));
  const covering = places.filter(({ where }) => where !== 'outside');
  const note: Outcome = covering.some(({ where }) => where === 'inside') ? 'sound' : 'note';
  const best = Math.min(...covering.map(({ u }) => u));
  const together = combined(covering.map(({ u }) => u));
  const between = of.method === 'interpolated' || of.method === 'undeclared' ? betweenAll(of, row) : undefined;
  if (of.method === 'interpolated' && between) {
    return { ...between, caution: null };
  }
  if (of.method === 'undeclared' && covering.length === 0 && between && !between.outcomes.includes('note')) {
    return between;
  }
  if (of.method === 'interpolated' || covering.length === 0) {
    const floor = anywhere(of, row);
    const isAllowed = of.method === 'interpolated' && row.methodInScope;
    return { ...NOTHING, outcomes: [isAllowed ? 'note' : 'missing'], floor, fails: floor };
  }
  if (of.method === 'group') {
    const rest: Outcome = covering.length < all.length ? 'missing' : 'sound';
    return { outcomes: [note, rest], floor: together, fails: together, caution: null };
  }
  return of.method === 'direct'
    ? { outcomes: [note], floor: best, fails: best, caution: null }
    : { outcomes: [note], floor: best, fails: together, caution: best };
}

/** The rows of all references together. */
function betweenAll(of: PlainCase, row: PlainRow): PlainFloor | undefined {
  const all = basisOf(of);
  const points = all.flatMap(({ points: own }) => own);
  const where = whereAmong(points, row.x, of, row);
  if (where === 'outside') {
    return undefined;
  }
  const below = Math.max(...points.map(([x]) => x).filter((x) => x <= row.x));
  const above = Math.min(...points.map(([x]) => x).filter((x) => x >= row.x));
  const neighbours = all.filter(({ points: own }) => own.some(([x]) => x === below || x === above));
  const us = neighbours.map((source) => {
    const own = placeIn(source, row.x, of, row);
    const nearest = source.points.filter(([x]) => x === below || x === above).map((point) => sizeOf(point, of, row));
    return own.where === 'outside' ? Math.min(...nearest) : own.u;
  });
  const floor = combined(us);
  return { outcomes: [where === 'edge' ? 'note' : 'sound'], floor, fails: floor, caution: Math.min(...us) };
}

/** The best of all references, wherever they were calibrated; as part of the value, unless the kind is additive. */
function anywhere(of: PlainCase, row: PlainRow): number {
  const isRelative = of.scale !== 'additive';
  const best = basisOf(of).map(({ points }) =>
    Math.min(...points.map(([, y, u]) => (isRelative ? u / Math.abs(y) : u))),
  );
  return combined(best) * (isRelative ? Math.abs(row.y) : 1);
}

function placeIn({ points }: PlainSource, x: number, of: PlainCase, row: PlainRow): Place {
  const where = whereAmong(points, x, of, row);
  return { where, u: where === 'outside' ? NaN : linear(points, x, (point) => sizeOf(point, of, row)) };
}

function sizeOf([, y, u]: PlainPoint, { scale }: PlainCase, row: PlainRow): number {
  return scale === 'coefficient' ? (u / Math.abs(y)) * Math.abs(row.y) : u;
}
