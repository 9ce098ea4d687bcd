import { exactRelation, scaleOf, valuesOf } from '../../model/index.js';
import { credibleExpanded } from '../coverageFactors.js';
import { NO_ERRORS, ownErrors, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import { interpolate } from './interpolate.js';
import type { Lookup } from './interpolate.js';
import { axesOf, coordinatesIn, isNominal, isPlacedByValue } from './matching.js';
import type { Match } from './matching.js';
import { buildNodes, hullOf, NO_SPREAD, spreadOf } from './nodes.js';
import type { Nodes, Point, Span, Spread } from './nodes.js';
import { isPositive, sizesOf } from './numbers.js';
import { EXACT, marginAround, marginOf } from './places.js';
import type { Range, SupportPolicy } from './policy.js';
import type { ResultRow, Said, SourceRow, SupportedResult } from './input.js';

/** How uncertainties are compared: absolute, or relative to the value. */
export type Measure = 'absolute' | 'relative';

/**
 * Relative for what a device makes of its arguments: a sensitivity, or the voltage of a thermocouple, whose type decides how large it is.
 */
export function comparedBy({ scale, values }: Pick<SupportedResult, 'scale' | 'values'>): Measure {
  return scale === 'coefficient' || isFoundFromZero(scale, values) ? 'relative' : 'absolute';
}

function isFoundFromZero(scale: Said['scale'], values: SupportedResult['values']): boolean {
  return scale === 'ratio' && values === 'finding';
}

/** The rows of a source, prepared for many questions. */
export interface Table {
  readonly source: number;
  readonly report: string;
  readonly columns: readonly number[];
  readonly spans: readonly Span[];
  readonly points: readonly Point[];
  readonly nodes: Nodes;
  /** For a source that was converted: uncertainties between its rows. */
  readonly between?: (x: number) => Pick<Spread, 'low' | 'high'>;
  /** For uncertainties relative to what was found: their sizes. The nodes then have absolute uncertainties. */
  readonly sizes?: { readonly nodes: Nodes; readonly least: number };
}

/** The rows of a source by those of its arguments that are matched. */
export function tableOf(
  source: Said,
  index: number,
  pairs: Match['pairs'],
  measure: Measure,
  policy: SupportPolicy,
): Table {
  const table = tableBy(source, index, pairs, policy, {
    of: (row: SourceRow) => measured(row, measure),
    errors: errorsIn(source, measure),
    leaf: spreadOf,
  });
  if (measure === 'relative' && source.kind !== null && isFoundFromZero(source.scale, valuesOf(source.kind))) {
    return { ...table, ...relativeToFound(source, index, pairs, policy) };
  }
  const between = betweenOriginals(source, index, pairs, measure, policy);
  return between ? { ...table, between } : table;
}

/**
 * Uncertainties and values are linear between two rows, and their ratio is not: a table may begin at zero. Near zero, the smallest size
 * counts that is still a part of the values.
 */
function relativeToFound(
  source: Said,
  index: number,
  pairs: Match['pairs'],
  policy: SupportPolicy,
): Pick<Table, 'nodes' | 'sizes'> {
  const errors = errorsIn(source, 'relative');
  const { nodes } = tableBy(source, index, pairs, policy, {
    of: (row: SourceRow) => measured(row, 'absolute'),
    errors,
    leaf: spreadOf,
  });
  const values = tableBy(source, index, pairs, policy, { of: ({ y }) => y ?? NaN, leaf: extremesOf });
  const { max } = hullOf(source.rows.flatMap(({ y }) => (y === null ? [] : [Math.abs(y)])));
  return { nodes, sizes: { nodes: values.nodes, least: policy.edge * Math.max(max, 0) } };
}

function extremesOf(points: readonly Point[]): Spread {
  const { min, max } = hullOf(points.map(({ u }) => u));
  return { low: min, high: max, errors: NO_ERRORS };
}

/**
 * Between two resistances, the uncertainty is linear in the resistance, also if a conductance is asked for: otherwise the kind in which
 * a result is stated would decide. Undefined if the source states this kind, or other arguments.
 */
function betweenOriginals(
  source: Said,
  index: number,
  pairs: Match['pairs'],
  measure: Measure,
  policy: SupportPolicy,
): Table['between'] {
  const { original, kind } = source;
  const there = original && kind !== null ? exactRelation(original.kind, kind) : undefined;
  const back = original && kind !== null ? exactRelation(kind, original.kind) : undefined;
  if (!original || !there || !back || source.axes.length > 0 || pairs.length !== 1) {
    return undefined;
  }
  const stated = { ...source, ...original, scale: scaleOf(original.kind) };
  const leaf = { of: (row: SourceRow) => measured(row, 'absolute'), leaf: spreadOf };
  const { nodes, spans } = tableBy(stated, index, pairs, policy, leaf);
  return (x) => {
    const value = back.convert({ value: x, uncertainty: null })?.value ?? NaN;
    const size = measure === 'relative' ? Math.abs(x) : 1;
    const { low, high } = interpolate(nodes, spans, [value], NaN);
    const converted = (uncertainty: number) => (there.convert({ value, uncertainty })?.uncertainty ?? NaN) / size;
    return { low: converted(low), high: converted(high) };
  };
}

/** One number for each row, by its arguments. */
export interface Numbers<Row extends SourceRow> {
  readonly of: (row: Row) => number;
  readonly errors?: (row: Row) => Errors;
  readonly leaf: (points: readonly Point[]) => Spread;
}

/** The same for any other number that the rows give. */
export function tableBy<Row extends SourceRow>(
  source: Omit<Said, 'rows'> & { readonly rows: readonly Row[] },
  index: number,
  pairs: Match['pairs'],
  policy: SupportPolicy,
  { of, errors = () => NO_ERRORS, leaf }: Numbers<Row>,
): Table {
  const read = coordinatesIn(source);
  const levels = levelsOf(source, pairs);
  const points: Point[] = [];
  for (const row of source.rows) {
    const all = read(row);
    if (all && row.isZeroOnly !== true) {
      const x = levels.map(({ axis }) => all[axis] ?? NaN);
      const inside = row.covered && read({ ...row, ...row.covered });
      const covered = inside ? levels.map(({ axis }) => inside[axis] ?? NaN) : x;
      points.push({ source: index, x, covered, u: of(row), report: source.report, errors: errors(row) });
    }
  }
  const spans = levels.map((level, place) => {
    const rows = hullOf(points.map(({ covered }) => covered[place] ?? NaN));
    return spanOf(source, level, levels, rows, policy);
  });
  return {
    source: index,
    report: source.report,
    columns: levels.map(({ column }) => column),
    spans,
    points,
    nodes: buildNodes(points, spans, leaf),
  };
}

/** A matched coordinate of a source. */
interface Level {
  readonly axis: number;
  readonly column: number;
  readonly kind: string | null;
  /** The value, or a nominal value. */
  readonly isOwn: boolean;
  /** The value, or the only nominal value. */
  readonly isValue: boolean;
}

/** Arguments first: rows are at one place by these, before the value chooses among them. */
function levelsOf(source: Omit<Said, 'rows'>, pairs: Match['pairs']): readonly Level[] {
  const axes = axesOf(source);
  const own = axes.filter((axis) => isNominal(axis, source.kind)).length;
  const levels = pairs.map((pair): Level => {
    const axis = axes[pair.axis];
    const isOwn = !axis || isNominal(axis, source.kind);
    return { ...pair, kind: axis?.kind ?? source.kind, isOwn, isValue: isOwn && own <= 1 };
  });
  return [...levels.filter(({ isOwn }) => !isOwn), ...levels.filter(({ isOwn }) => isOwn)];
}

/** The uncertainty of a table at coordinates, in the order of its columns; the nearest ones inside are in that order too. */
export function interpolateAt({ columns, nodes, spans, sizes }: Table, x: readonly number[], own: number): Lookup {
  const place = columns.map((column) => x[column] ?? NaN);
  const { nearest, low, high, ...found } = interpolate(nodes, spans, place, own);
  const inside = nearest && x.map((value, column) => nearest[columns.indexOf(column)] ?? value);
  const values = sizes && interpolate(sizes.nodes, spans, place, own);
  const all = values && sizesOf({ min: values.low, max: values.high });
  const part = (u: number, size: number | undefined) =>
    sizes && size !== undefined ? u / Math.max(size, sizes.least) : u;
  return {
    ...found,
    low: part(low, all?.max),
    high: part(high, all?.min),
    ...(inside && { nearest: inside }),
  };
}

/** At a row of the result; NaN if the source states no uncertainty. */
export function lookUp(table: Table, x: readonly number[], { expanded, k }: Pick<ResultRow, 'expanded' | 'k'>): Lookup {
  if (!isPlace(table, x)) {
    return { position: 'outside', ...NO_SPREAD };
  }
  const found = interpolateAt(table, x, credibleExpanded(expanded, k));
  const { columns, between } = table;
  const isBetween = found.position === 'inside' && columns.length <= 1;
  return isBetween && between ? { ...found, ...between(x[columns[0] ?? NaN] ?? NaN) } : found;
}

/** Whether the table can be asked there: every coordinate but the value beside arguments has to be known. */
export function isPlace({ columns, spans, points }: Table, x: readonly number[]): boolean {
  return (
    points.length > 0 &&
    columns.every((column, place) => spans[place]?.range === null || Number.isFinite(x[column] ?? NaN))
  );
}

/** Uncertainty of a row of a source; NaN if it states none, or for a relative uncertainty at the value zero. */
export function measured({ y, u, isZeroOnly }: SourceRow, measure: Measure): number {
  const known = u !== null && isPositive(u) && isZeroOnly !== true ? u : NaN;
  return measure === 'absolute' ? known : known / Math.abs(y ?? NaN);
}

/** The errors that the rows of a source take over; a relative error has the sign of the value. */
export function errorsIn(source: Said, measure: Measure): (row: SourceRow) => Errors {
  const own = ownErrors(source);
  return ({ y, errors = own }) => (measure === 'relative' && y !== null && y < 0 ? timesErrors(errors, -1) : errors);
}

function spanOf(
  source: Omit<Said, 'rows'>,
  level: Level,
  levels: readonly Level[],
  rows: Range,
  policy: SupportPolicy,
): Span {
  const { axis, kind, isOwn, isValue } = level;
  const declared = source.range?.[axis] ?? null;
  const range = declared ?? rows;
  const hasArbitraryZero = isOwn && source.scale === 'additive';
  return {
    kind,
    hasArbitraryZero,
    range: isValue && isPlacedByValue(source) ? null : range,
    declared: declared !== null,
    // The last coordinate chooses among the rows of a place.
    tolerance: isOwn || level === levels.at(-1) ? EXACT : (number) => marginAround(kind, number, policy),
    isLinear: isValue || argumentsAmong(levels) === 1,
    margin: marginOf(range, kind, hasArbitraryZero, policy),
  };
}

function argumentsAmong(levels: readonly Level[]): number {
  return levels.filter(({ isValue }) => !isValue).length;
}
