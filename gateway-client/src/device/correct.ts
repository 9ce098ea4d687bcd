import { RegistryError, withUnit } from '@tracecal/core/model';
import type { Argument, Result, Uncertainty } from '@tracecal/core/model';
import { cmc, isClose } from '@tracecal/core/trace';
import type { ReadingArgument } from './measurement.js';
import { differing, outside, OutsideCalibration, refused } from './notCorrected.js';
import { stated } from './stated.js';

/** What the instrument showed, and how well it can be read. */
export interface Indication {
  readonly quantity: string;
  readonly unit: string;
  readonly value: number;
  /** Standard uncertainty of reading it: resolution, repeatability. */
  readonly standardUncertainty?: number;
}

/** How the indication changes with a condition in which the report does not state errors. */
export interface Influence {
  /** The argument's name in the report. */
  readonly argument: string;
  /** The unit of the argument, that the coefficient is for; may be left out where the report states it, or nothing has a unit. */
  readonly unit?: string;
  /** The value at which the report holds; by default where its rows were measured. */
  readonly reference?: number;
  /** Change of the indication, in its unit, for one unit of the argument. */
  readonly coefficient: number;
  readonly standardUncertainty?: number;
}

export interface Corrected {
  /** To one decimal place more than U. */
  readonly value: number;
  /** To three digits, rounded up. */
  readonly uncertainty: Uncertainty;
  /** Indication minus value, as interpolated from the report: not rounded. */
  readonly error: number;
  /** The result in the report, and the places of the rows that were used. */
  readonly result: string;
  readonly rows: readonly number[];
  /** The parts of the standard uncertainty, in the indication's unit: not rounded. */
  readonly contributions: readonly { readonly name: string; readonly standardUncertainty: number }[];
}

/** Of a normal distribution for 95.45 %. */
const COVERAGE = { factor: 2, probability: 0.9545 } as const;

/** A row with its place on every axis. */
interface Point {
  readonly row: number;
  /** The last one is what the device showed there. */
  readonly coordinates: readonly number[];
  readonly value: number;
  readonly error: number;
  readonly u: number;
}

interface Found {
  readonly error: number;
  readonly u: number;
  readonly rows: readonly number[];
}

/**
 * The value that an indication means, after the errors of a calibration report and the influences of the conditions: what a calibration is
 * bought for. Between two rows, the error is linear and the uncertainty the larger of both. U is rounded up to three digits, and the value to
 * one decimal place more.
 *
 * @param results Those of the report that is in force.
 * @param at The conditions, under the names of the report's arguments.
 * @throws OutsideCalibration if the report says nothing about the errors there; RegistryError `INPUT_INVALID` for anything else that is wrong
 */
export function correct(
  results: readonly Result[],
  indication: Indication,
  at: readonly ReadingArgument[] = [],
  influences: readonly Influence[] = [],
): Corrected {
  const offered = results.filter(
    ({ quantity, asFound, excluded }) => quantity === indication.quantity && !asFound && excluded === undefined,
  );
  if (offered.length === 0) {
    throw outside(`the report gives no ${indication.quantity}`);
  }
  const inUnit = offered.filter(({ unit }) => unit === indication.unit);
  const refusals: RegistryError[] = [];
  for (const result of inUnit.length > 0 ? inUnit : offered) {
    try {
      return correctedBy(result, indication, at, influences);
    } catch (error) {
      if (!(error instanceof RegistryError)) {
        throw error;
      }
      refusals.push(error);
    }
  }
  // What is wrong with the reading itself has to be put right first.
  throw (
    refusals.find((each) => !(each instanceof OutsideCalibration)) ??
    refusals[0] ??
    refused('the report says nothing about it')
  );
}

function correctedBy(
  result: Result,
  indication: Indication,
  at: readonly ReadingArgument[],
  influences: readonly Influence[],
): Corrected {
  if (indication.unit !== result.unit) {
    throw refused(
      `${result.name} is in ${result.unit}, and the indication in ${indication.unit}: state it in the report's unit`,
    );
  }
  requireNumbers(indication, influences);
  requireOnce(at.map(({ name }) => name));
  requireOnce(influences.map(({ argument }) => argument));
  const { rows, axes } = placesOf(result, at, influences);
  const shifts = influences.map((influence) => shiftBy(influence, result, at));
  const shift = shifts.reduce((sum, { by }) => sum + by, 0);
  const points = rows.map((row) => pointOf(result, row, axes));
  const asked = [...axes.map(({ asked: own }) => own), indication.value - shift];
  const { error, u, rows: used } = interpolated(points, asked, result);
  const contributions = [
    { name: 'calibration', standardUncertainty: u },
    ...shifts.map(({ name, standardUncertainty }) => ({ name, standardUncertainty })),
    { name: 'reading', standardUncertainty: indication.standardUncertainty ?? 0 },
  ].filter(({ standardUncertainty }) => standardUncertainty > 0);
  const total = Math.hypot(...contributions.map(({ standardUncertainty }) => standardUncertainty));
  const value = indication.value - shift - error;
  if (!Number.isFinite(value) || !(total > 0) || !Number.isFinite(total)) {
    throw refused(`${result.name} leads to no finite value`);
  }
  const whole = { value, expanded: COVERAGE.factor * total };
  const own = stated(whole, Math.max(...[indication.value, shift, error].map(Math.abs)));
  return {
    value: own.value,
    uncertainty: {
      expanded: own.expanded,
      coverageFactor: COVERAGE.factor,
      coverageProbability: COVERAGE.probability,
    },
    error,
    result: result.name,
    rows: used,
    contributions,
  };
}

function requireNumbers(indication: Indication, influences: readonly Influence[]): void {
  const uncertainties = [indication, ...influences].map(({ standardUncertainty = 0 }) => standardUncertainty);
  if (uncertainties.some((u) => !Number.isFinite(u) || u < 0)) {
    throw refused('a standard uncertainty is a number that is not negative');
  }
  if (
    influences.some(({ coefficient, reference = 0 }) => !Number.isFinite(coefficient) || !Number.isFinite(reference))
  ) {
    throw refused('coefficient and reference of an influence are numbers');
  }
}

function requireOnce(names: readonly string[]): void {
  const twice = names.find((name, place) => names.findIndex((other) => isSameName(other, name)) !== place);
  if (twice !== undefined) {
    throw refused(`${twice} is stated twice`);
  }
}

/** A condition along which the rows differ. */
interface Axis {
  readonly column: number;
  readonly asked: number;
}

/** The rows under the settings asked for, and the axes along which they differ. */
function placesOf(
  result: Result,
  at: readonly ReadingArgument[],
  influences: readonly Influence[],
): { readonly rows: readonly number[]; readonly axes: readonly Axis[] } {
  let rows = result.rows.map((_, row) => row);
  const axes: Axis[] = [];
  for (const [column, argument] of (result.arguments ?? []).entries()) {
    const asked = conditionOf(argument, at);
    const isInfluenced = influences.some(({ argument: name }) => isSameName(name, argument.name));
    if (isInfluenced) {
      requireOnePlace(result, column, argument.name);
      continue;
    }
    if (asked === undefined) {
      throw differing(
        `${result.name} depends on ${argument.name}: state it ${amongArguments(argument.unit)}, or its influence`,
      );
    }
    if (argument.role === 'setting' || argument.unit === undefined) {
      rows = rows.filter((row) => isSamePlace(result.rows[row]?.at?.[column], asked));
    } else if (typeof asked === 'number') {
      axes.push({ column, asked });
    } else {
      throw refused(`${argument.name} of ${result.name} is a number in ${argument.unit}`);
    }
  }
  const unknown = at.find(({ name }) => !(result.arguments ?? []).some((argument) => isSameName(argument.name, name)));
  if (unknown && !influences.some(({ argument }) => isSameName(argument, unknown.name))) {
    throw differing(`${result.name} states no ${unknown.name}: leave it out, or state its influence`);
  }
  if (rows.length === 0) {
    throw outside(`${result.name} has no rows at these settings`);
  }
  return { rows, axes };
}

function requireOnePlace({ name, rows }: Result, column: number, argument: string): void {
  if (new Set(rows.map(({ at }) => at?.[column])).size > 1) {
    throw refused(`${name} states errors at several values of ${argument}: leave its influence out`);
  }
}

function conditionOf({ name, unit }: Argument, at: readonly ReadingArgument[]): number | string | undefined {
  const stated = at.find((each) => isSameName(each.name, name));
  if (stated?.unit !== undefined && stated.unit !== unit) {
    throw refused(
      `${name} is in ${unit ?? 'words'} in the report, and ${stated.unit} here: state it in the report's unit`,
    );
  }
  return stated?.value;
}

function pointOf(result: Result, row: number, axes: readonly Axis[]): Point {
  const { value = null, error, at, uncertainty = null } = result.rows[row] ?? {};
  if (value === null || error === undefined || uncertainty === null) {
    return { row, coordinates: [], value: NaN, error: NaN, u: NaN };
  }
  const conditions = axes.map(({ column }) => Number(at?.[column]));
  return {
    row,
    coordinates: [...conditions, value + error],
    value,
    error,
    u: standardFor(uncertainty),
  };
}

/** Half of U at 95 %, where that is larger than U / k: with few readings, twice the standard uncertainty would cover too little. */
function standardFor(uncertainty: Uncertainty): number {
  const { expanded, coverageFactor } = uncertainty;
  return Math.max(expanded / coverageFactor, (cmc.cautiousU95(uncertainty)?.value ?? NaN) / COVERAGE.factor);
}

/** Linear along one axis after the other. @throws RegistryError `INPUT_INVALID` outside of the rows */
function interpolated(points: readonly Point[], asked: readonly number[], result: Result, axis = 0): Found {
  const usable = points.filter(({ u }) => Number.isFinite(u));
  const [only] = usable;
  if (!only) {
    throw outside(`${result.name} states no errors with uncertainties there`);
  }
  const place = asked[axis];
  if (place === undefined) {
    return usable.reduce((worst, { error, u, row }) => (u > worst.u ? { error, u, rows: [row] } : worst), {
      error: only.error,
      u: only.u,
      rows: [only.row],
    });
  }
  const [low, high] = around(usable, axis, place, result, asked.length);
  if (axis === asked.length - 1) {
    requireOneMeaning(usable, axis, place, result);
  }
  const below = interpolated(low.points, asked, result, axis + 1);
  const above = interpolated(high.points, asked, result, axis + 1);
  const weight = high.at === low.at ? 0 : (place - low.at) / (high.at - low.at);
  return {
    error: below.error + weight * (above.error - below.error),
    u: weight === 0 ? below.u : weight === 1 ? above.u : Math.max(below.u, above.u),
    rows: [...new Set([...(weight === 1 ? [] : below.rows), ...(weight === 0 ? [] : above.rows)])].sort(
      (a, b) => a - b,
    ),
  };
}

/**
 * Where the errors are so large that the device shows less at a larger value, the rows next to an indication are not those next to the value:
 * nobody knows then which value it was.
 */
function requireOneMeaning(points: readonly Point[], axis: number, place: number, { name, unit }: Result): void {
  if (!isRising(points, axis)) {
    throw refused(`${withUnit(place, unit)} has several meanings: what the device shows goes up and down in ${name}`);
  }
}

function isRising(points: readonly Point[], axis: number): boolean {
  let [value, most, before] = [NaN, -Infinity, -Infinity];
  for (const point of points.toSorted((one, other) => one.value - other.value)) {
    const shown = point.coordinates[axis] ?? NaN;
    // The same value may have been measured several times, on the way up and down.
    if (!isSamePlace(value, point.value)) {
      [value, before] = [point.value, most];
    }
    if (!(shown >= before)) {
      return false;
    }
    most = Math.max(most, shown);
  }
  return true;
}

interface Side {
  readonly at: number;
  readonly points: readonly Point[];
}

/** The places next to the one asked for, on both sides. */
function around(
  points: readonly Point[],
  axis: number,
  place: number,
  result: Result,
  axes: number,
): readonly [Side, Side] {
  const places = [...new Set(points.map(({ coordinates }) => coordinates[axis] ?? NaN))].sort((a, b) => a - b);
  const low = places.filter((each) => each <= place || isSamePlace(each, place)).at(-1);
  const high = places.find((each) => each >= place || isSamePlace(each, place));
  if (low === undefined || high === undefined) {
    const span = `from ${places[0] ?? NaN} to ${places.at(-1) ?? NaN}`;
    throw outside(
      axis === axes - 1
        ? `${result.name} is calibrated for indications ${span.replace(/\S+$/, (end) => withUnit(Number(end), result.unit))}, not at ${place}`
        : `${result.name} is calibrated at conditions ${span}, not at ${place}`,
    );
  }
  const side = (at: number): Side => ({
    at,
    points: points.filter(({ coordinates }) => isSamePlace(coordinates[axis], at)),
  });
  return [side(low), side(high)];
}

function shiftBy(
  { argument, unit, reference, coefficient, standardUncertainty = 0 }: Influence,
  result: Result,
  at: readonly ReadingArgument[],
): { readonly name: string; readonly by: number; readonly standardUncertainty: number } {
  const { value: stated, unit: own } = at.find(({ name }) => isSameName(name, argument)) ?? {};
  if (typeof stated !== 'number') {
    const why = stated === undefined ? '' : ', as a number';
    throw refused(
      `the influence of ${argument} needs its value at this reading: state ${argument} ${amongArguments(unit)}${why}`,
    );
  }
  const from = reference ?? measuredAt(result, argument);
  if (from === undefined) {
    throw refused(
      `the influence of ${argument} needs the value of ${argument} at which ${result.name} holds, which the report does not state: give it as \`reference\``,
    );
  }
  requireOneUnit(argument, own, [unit, result.arguments?.find(({ name }) => isSameName(name, argument))?.unit]);
  const difference = stated - from;
  return {
    name: argument,
    by: coefficient * difference,
    standardUncertainty: Math.abs(difference) * standardUncertainty,
  };
}

/** @param needed - That of the coefficient, and that in the report, where they are known. */
function requireOneUnit(argument: string, own: string | undefined, needed: readonly (string | undefined)[]): void {
  const known = needed.filter((unit) => unit !== undefined);
  if (known.some((unit) => unit !== own) || (known.length === 0 && own !== undefined)) {
    throw refused(
      `the influence of ${argument} is for ${known[0] ?? 'no unit'}, and its value is in ${own ?? 'none'}: state both in the same`,
    );
  }
}

/** The one value at which all rows were measured. */
function measuredAt({ arguments: all = [], rows }: Result, argument: string): number | undefined {
  const column = all.findIndex(({ name }) => isSameName(name, argument));
  const values = new Set(rows.map(({ at }) => at?.[column]));
  const [only] = values;
  return values.size === 1 && typeof only === 'number' ? only : undefined;
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isSamePlace(one: number | string | undefined, other: number | string): boolean {
  return typeof one === 'number' && typeof other === 'number' ? isClose(one, other) : one === other;
}

function amongArguments(unit: string | undefined): string {
  return `among the arguments of the reading${unit === undefined ? '' : ` in ${unit}`}`;
}
