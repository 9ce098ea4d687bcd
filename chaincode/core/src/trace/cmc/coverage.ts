import type { AccreditationLine, LineArgument } from '../../model/index.js';
import { areComparable, positionIn } from './convert.js';
import { isSameMethod } from './method.js';
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
export function coverage(line: AccreditationLine, row: MeasuredRow, work: Work): Coverage {
  if (line.quantity !== row.quantity || !areComparable(line.unit, row.unit)) {
    return { covered: false, lacks: ['kind'] };
  }
  const value = row.value === null ? undefined : positionIn(line, row.value, row.unit);
  const at = line.arguments
    .map((argument) => positionOf(argument, line.arguments, row.at))
    .filter((number) => number !== undefined);
  const byMethod = line.method !== null && states(work.methods, line.method);
  const holds: Readonly<Record<CoverageCondition, boolean>> = {
    kind: true,
    range: value !== undefined,
    arguments: at.length === line.arguments.length,
    method: (line.method === null || work.methods.length === 0 || byMethod) && isOfLevel(line, work),
    place: line.place === 'both' || line.place === work.place,
    date: line.validFrom <= work.day && work.day <= line.validTo,
  };
  const lacks = COVERAGE_CONDITIONS.filter((condition) => !holds[condition]);
  return value !== undefined && lacks.length === 0
    ? { covered: true, position: { value, at }, byMethod }
    : { covered: false, lacks };
}

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
): number | undefined {
  const { quantity, unit, name } = argument;
  const ofKind = at.filter((other) => other.quantity === quantity && areComparable(other.unit, unit));
  const isOnly = ofKind.length === 1 && all.filter((other) => other.quantity === quantity).length === 1;
  const [found, ...others] = isOnly ? ofKind : ofKind.filter((other) => other.name === name);
  return found && others.length === 0 ? positionIn(argument, found.value, found.unit) : undefined;
}
