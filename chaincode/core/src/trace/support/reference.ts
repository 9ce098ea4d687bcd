import { exactRelation, scaleOf } from '../../model/index.js';
import { credibleExpanded } from '../coverageFactors.js';
import { marginAround } from './around.js';
import { NO_ERRORS, ownErrors, timesErrors } from './errors.js';
import type { Errors } from './errors.js';
import { interpolate } from './interpolate.js';
import type { Lookup } from './interpolate.js';
import { argumentsOf, axesOf } from './matching.js';
import type { Match } from './matching.js';
import { buildNodes, hullOf, NO_SPREAD, spreadOf } from './nodes.js';
import type { Nodes, Point, Span, Spread } from './nodes.js';
import { isPositive } from './numbers.js';
import type { Range, SupportPolicy } from './policy.js';
import type { ResultRow, Said, SourceRow } from './input.js';

/** How uncertainties are compared: absolute, or relative to the value. */
export type Measure = 'absolute' | 'relative';

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
  const between = betweenOriginals(source, index, pairs, measure, policy);
  return between ? { ...table, between } : table;
}

/**
 * Between two resistances, the uncertainty is linear in the resistance, also if a conductance is asked for: otherwise the kind in which
 * a result is stated would decide. Undefined if the source states this kind, or other arguments.
 */
function betweenOriginals(
  { original, ...source }: Said,
  index: number,
  pairs: Match['pairs'],
  measure: Measure,
  policy: SupportPolicy,
): Table['between'] {
  const { kind } = source;
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
  const read = argumentsOf(source);
  const points: Point[] = [];
  for (const row of source.rows) {
    const all = read(row);
    if (all && row.isZeroOnly !== true) {
      const x = pairs.map(({ axis }) => all[axis] ?? NaN);
      const inside = read({ ...row, ...row.covered }) ?? all;
      const covered = pairs.map(({ axis }) => inside[axis] ?? NaN);
      points.push({ source: index, x, covered, u: of(row), report: source.report, errors: errors(row) });
    }
  }
  return {
    source: index,
    report: source.report,
    columns: pairs.map(({ column }) => column),
    spans: pairs.map(({ axis }, place) => spanOf(source, axis, points, place, policy)),
    points,
    nodes: buildNodes(points, pairs.length, leaf),
  };
}

/** At a row of the result; NaN if the source states no uncertainty. */
export function lookUp(table: Table, x: readonly number[], row: ResultRow): Lookup {
  const own = table.columns.map((column) => x[column] ?? NaN);
  if (table.points.length === 0 || !own.every(Number.isFinite)) {
    return { position: 'outside', ...NO_SPREAD };
  }
  const { nearest, ...found } = interpolate(table.nodes, table.spans, own, credibleExpanded(row.expanded, row.k));
  const inside = found.position === 'inside' && own.length === 1 ? table.between?.(own[0] ?? NaN) : undefined;
  return { ...found, ...inside, nearest: x.map((value, column) => nearest?.[table.columns.indexOf(column)] ?? value) };
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
  axis: number,
  points: readonly Point[],
  place: number,
  policy: SupportPolicy,
): Span {
  const stated = source.range?.[axis];
  const range = stated ?? hullOf(points.map(({ covered }) => covered[place] ?? NaN));
  return { range, declared: stated !== undefined && stated !== null, margin: marginOf(range, source, axis, policy) };
}

/** A part of the span. Around a single point: a part of its value or, on a scale with an arbitrary zero, the row's own uncertainty. */
function marginOf(
  { min, max }: Range,
  source: Omit<Said, 'rows'>,
  axis: number,
  policy: SupportPolicy,
): Span['margin'] {
  if (max > min) {
    return policy.edge * (max - min);
  }
  const { kind } = axesOf(source)[axis] ?? source;
  return kind === source.kind && source.scale === 'additive' ? 'own' : marginAround(kind, min, policy);
}
