import type { AccreditationLine, LineArgument } from '../../model/index.js';
import { scaleOf, unitOfKind } from '../../model/index.js';
import { credibleExpanded } from '../coverageFactors.js';
import { marginAround } from '../support/places.js';
import { areComparable, positionIn } from './convert.js';
import type { Placed } from './convert.js';
import { isSameMethod } from './method.js';
import { CMC_POLICY } from './policy.js';
import type { CmcPolicy } from './policy.js';
import type { MeasuredRow, RowArgument, Work } from './row.js';
import type { Position } from './value.js';

/** Why a line does not cover a row. */
const COVERAGE_CONDITIONS = ['kind', 'range', 'arguments', 'method', 'place', 'date'] as const;
export type CoverageCondition = (typeof COVERAGE_CONDITIONS)[number];

export type Coverage =
  | {
      readonly covered: true;
      /** The row in the line's units. */
      readonly position: Position;
      /** The row is just beyond a nominal end of the line. */
      readonly isBeyond: boolean;
      /** A value of zero, of a quantity with a natural zero, below the line: nothing is compared. */
      readonly isZero: boolean;
      /** Whether the report states the method that the line names. */
      readonly byMethod: boolean;
    }
  | {
      readonly covered: false;
      /** Every condition that does not hold. */
      readonly lacks: readonly CoverageCondition[];
    };

/**
 * Whether a line of an accreditation covers a row on a day: kind of quantity, range, arguments, method, place and dates. The
 * uncertainty is judged elsewhere. A method or level that the report does not state excludes no line. An argument that it does not
 * state excludes the line, because it is unknown whether the argument is in the range.
 */
export function coverage(
  line: AccreditationLine,
  row: MeasuredRow,
  work: Work,
  policy: CmcPolicy = CMC_POLICY,
): Coverage {
  if (line.quantity !== row.quantity || !areComparable(line.unit, row.unit)) {
    return { covered: false, lacks: ['kind'] };
  }
  const value = valueIn(line, row, policy) ?? zeroIn(line, row);
  const at = line.arguments
    .map((argument) => positionOf(argument, line.arguments, row.at, policy))
    .filter((placed) => placed !== undefined);
  const byMethod = line.method !== null && states(work.methods, line.method);
  const holds: Readonly<Record<CoverageCondition, boolean>> = {
    kind: true,
    range: value !== undefined,
    arguments: at.length === line.arguments.length,
    method: isByMethod(line, work, byMethod) && isOfLevel(line, work),
    place: line.place === 'both' || line.place === work.place,
    date: line.validFrom <= work.day && work.day <= line.validTo,
  };
  const lacks = COVERAGE_CONDITIONS.filter((condition) => !holds[condition]);
  return value !== undefined && lacks.length === 0
    ? {
        covered: true,
        position: { value: value.number, at: at.map(({ number }) => number) },
        isBeyond: [value, ...at].some(({ isBeyond }) => isBeyond),
        isZero: value.isZero === true,
        byMethod,
      }
    : { covered: false, lacks };
}

/** Ends are nominal, and a part of a temperature or of a level means nothing: there, the uncertainty of the row counts. */
function valueIn(
  line: AccreditationLine,
  { value, unit, uncertainty }: MeasuredRow,
  policy: CmcPolicy,
): Place | undefined {
  const isAdditive = scaleOf(line.quantity) === 'additive';
  const factor = Math.abs(unitOfKind(line.quantity, unit)?.factor ?? NaN);
  const own = uncertainty ? factor * credibleExpanded(uncertainty.expanded, uncertainty.coverageFactor) : 0;
  return value === null
    ? undefined
    : positionIn(line, value, unit, (end) => (isAdditive ? own : marginAround(line.quantity, end, policy)));
}

/** Nothing is relative to a zero, so it needs no line. */
function zeroIn({ quantity }: AccreditationLine, { value }: MeasuredRow): Place | undefined {
  return value === 0 && scaleOf(quantity) === 'ratio' ? { number: 0, isBeyond: true, isZero: true } : undefined;
}

type Place = Placed & { readonly isZero?: true };

let last: { readonly methods: readonly string[]; readonly named: Map<string, boolean> } | undefined;

/** Rows of one result state the same methods and are compared with the lines one after another. */
function states(methods: readonly string[], named: string): boolean {
  if (last?.methods !== methods) {
    last = { methods, named: new Map() };
  }
  const known = last.named.get(named) ?? methods.some((method) => isSameMethod(named, method));
  last.named.set(named, known);
  return known;
}

/** A method that the report does not state excludes no line. */
function isByMethod({ method }: AccreditationLine, { methods }: Work, isStated: boolean): boolean {
  return method === null || methods.length === 0 || isStated;
}

function isOfLevel({ methodLevel }: AccreditationLine, work: Work): boolean {
  return methodLevel === null || work.methodLevel === null || methodLevel === work.methodLevel;
}

/**
 * The value of a row for a line's argument, in the line's unit. The argument is matched by kind; the name decides only between several
 * of one kind, because every laboratory chooses its own names. Undefined if the match stays ambiguous.
 */
function positionOf(
  argument: LineArgument,
  all: readonly LineArgument[],
  at: readonly RowArgument[],
  policy: CmcPolicy,
): Placed | undefined {
  const { quantity, unit, name } = argument;
  const ofKind = at.filter((other) => other.quantity === quantity && areComparable(other.unit, unit));
  const isOnly = ofKind.length === 1 && all.filter((other) => other.quantity === quantity).length === 1;
  const [found, ...others] = isOnly ? ofKind : ofKind.filter((other) => other.name === name);
  return found && others.length === 0
    ? positionIn(argument, found.value, found.unit, (end) => marginAround(quantity, end, policy))
    : undefined;
}
