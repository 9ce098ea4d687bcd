import { RegistryError } from '@tracecal/core/model';
import { quantileOfT, tailsOfT } from './distributions.js';
import { meanOf, requireFinite, requireValues } from './sample.js';

export interface Fit {
  /** Of powers of x, from 0 on. */
  readonly coefficients: readonly number[];
  /** Standard uncertainties of the coefficients. */
  readonly uncertainties: readonly number[];
  /** Standard deviation of what the curve leaves. */
  readonly residual: number;
  readonly freedom: number;
}

/**
 * A polynomial by least squares, as a straight line for a drift, or a parabola for a load cell. Orthogonal columns (modified
 * Gram-Schmidt) keep the digits that normal equations would lose.
 */
export function polynomial(xs: readonly number[], ys: readonly number[], degree: number): Fit {
  requireFinite([...xs, ...ys]);
  if (xs.length !== ys.length) {
    throw new RegistryError('INPUT_INVALID', `A fit has a y for each x: there are ${xs.length} and ${ys.length}.`);
  }
  requireValues(xs.length, degree + 2, `a polynomial of degree ${degree}`, 'points');
  const largest = Math.max(...xs.map(Math.abs)) || 1;
  const columns = Array.from({ length: degree + 1 }, (_, power) => xs.map((x) => (x / largest) ** power));
  const directions = directionsOf(columns);
  const shares: number[] = [];
  let left: readonly number[] = ys;
  for (const { unit } of directions) {
    const share = dot(unit, left);
    left = minus(left, unit, share);
    shares.push(share);
  }
  const freedom = xs.length - degree - 1;
  const residual = Math.hypot(...left) / Math.sqrt(freedom);
  // How much each direction says about the coefficient of a power, in the unit of x.
  const about = (power: number): readonly number[] =>
    directions.map(({ combination }) => (combination[power] ?? 0) / largest ** power);
  return {
    coefficients: columns.map((_, power) => dot(about(power), shares)),
    uncertainties: columns.map((_, power) => residual * Math.hypot(...about(power))),
    residual,
    freedom,
  };
}

/** How something changed with time: a line through values. */
export interface Drift {
  /** Change of the value for one unit of time. */
  readonly rate: number;
  readonly standardUncertainty: number;
  /** Probability of a rate as far from zero by chance, if nothing drifts. */
  readonly chance: number;
  readonly residual: number;
  readonly freedom: number;
}

/** The straight line through values at moments; at least three of them. */
export function driftOf(moments: readonly number[], values: readonly number[]): Drift {
  const origin = meanOf(moments);
  const line = polynomial(
    moments.map((moment) => moment - origin),
    values,
    1,
  );
  const [, rate = 0] = line.coefficients;
  const [, standardUncertainty = 0] = line.uncertainties;
  const { residual, freedom } = line;
  const chance = standardUncertainty > 0 ? tailsOfT(rate / standardUncertainty, freedom) : Number(rate === 0);
  return { rate, standardUncertainty, chance, residual, freedom };
}

/**
 * The moment at which the line through values leaves limits, at the earliest that its uncertainty allows (a prediction interval for a new value
 * at that moment); undefined if it stays inside up to the horizon.
 */
export function leavesAt(
  moments: readonly number[],
  values: readonly number[],
  limits: { readonly lower: number; readonly upper: number },
  horizon: number,
): number | undefined {
  const origin = meanOf(moments);
  const line = driftOf(moments, values);
  const mean = meanOf(values);
  const squares = moments.reduce((sum, moment) => sum + (moment - origin) ** 2, 0);
  const t = quantileOfT(0.05, line.freedom);
  const inside = (moment: number): boolean => {
    const away = moment - origin;
    const predicted = mean + line.rate * away;
    const half = t * line.residual * Math.sqrt(1 + 1 / moments.length + away ** 2 / squares);
    return predicted - half >= limits.lower && predicted + half <= limits.upper;
  };
  const last = Math.max(...moments);
  if (!inside(last)) return last;
  if (inside(horizon)) return undefined;
  let [low, high] = [last, horizon];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (inside(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** A unit vector, and how it is combined from the powers of x. */
interface Direction {
  readonly unit: readonly number[];
  readonly combination: readonly number[];
}

/** The powers of x as directions at right angles to each other. */
function directionsOf(columns: readonly (readonly number[])[]): readonly Direction[] {
  const found: Direction[] = [];
  for (const [power, column] of columns.entries()) {
    let unit = column;
    let combination: readonly number[] = columns.map((_, index) => Number(index === power));
    // The second pass takes away what rounding left in the first.
    for (const other of [...found, ...found]) {
      const share = dot(other.unit, unit);
      unit = minus(unit, other.unit, share);
      combination = minus(combination, other.combination, share);
    }
    const length = Math.hypot(...unit);
    if (!(length > Math.hypot(...column) * 1e-12)) {
      const needed = columns.length;
      throw new RegistryError('INPUT_INVALID', `A polynomial of degree ${needed - 1} needs ${needed} different x.`);
    }
    found.push({ unit: unit.map((value) => value / length), combination: combination.map((value) => value / length) });
  }
  return found;
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

function minus(from: readonly number[], other: readonly number[], share: number): readonly number[] {
  return from.map((value, index) => value - share * (other[index] ?? 0));
}
