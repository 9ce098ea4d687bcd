import { togetherOf } from './ancestry.js';
import type { Together } from './ancestry.js';
import { groupFloor, NO_FLOOR } from './asked.js';
import type { Asked, Assessment, UsedSource } from './asked.js';
import { timesErrors } from './errors.js';
import type { ResultRow, Source } from './input.js';
import type { Lookup } from './interpolate.js';
import { LastAnswer } from '../lastAnswer.js';
import { axesOf, coordinates, firstOf, isNominal, matchAxes } from './matching.js';
import type { Match } from './matching.js';
import { hullOf } from './nodes.js';
import { isPositive, minOf } from './numbers.js';
import { comparedBy, lookUp, measured, tableOf } from './reference.js';
import type { Measure, Table } from './reference.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { valuePointsOf, valueRegionOf, withValue } from './valueRegion.js';
import type { ValuePoint, ValueRegion } from './valueRegion.js';

/** Each further argument doubles the rows around a place. */
export const MOST_ARGUMENTS = 6;

export interface Reference {
  readonly source: UsedSource;
  readonly table: Table;
  readonly pairs: Match['pairs'];
  readonly values: readonly ValuePoint[];
  readonly region: ValueRegion | undefined;
  /** Smallest uncertainty anywhere: relative, unless the kind is additive. */
  readonly best: number;
}

export interface References {
  readonly all: readonly Reference[];
  readonly reasons: readonly Reason[];
  /** The factor from an uncertainty of the tables to that of a row; it has the sign of the row's value. */
  factor(row: ResultRow): number;
  /** Some of them together at a row. */
  readonly together: Together;
  /** For a row outside, the floor of all references together at their best. */
  anywhere(row: ResultRow): number;
}

/** Remembered, because the results of one report ask the same sources. */
const preparations = new LastAnswer<Source['rows'], Pick<Reference, 'values' | 'table' | 'best'>>();

/** The sources of the result's kind that give uncertainties, matched by their arguments. */
export function referencesOf(asked: Asked): References {
  const { result, policy } = asked;
  const compared = comparedBy(result);
  const outside: Measure = result.scale === 'additive' ? 'absolute' : 'relative';
  const all: Reference[] = [];
  const reasons: Reason[] = [];
  for (const source of asked.sources.filter((each) => isReference(each, asked))) {
    const { index } = source;
    const { pairs, lacksFirst, lacking, ambiguous } = matchAxes(result, source);
    reasons.push(...lacking.map((name) => reason('further-argument', { source: index, name })));
    if (ambiguous.length > 0) {
      reasons.push(
        ...ambiguous.map(({ name, among }) =>
          reason('ambiguous-argument', {
            source: index,
            name: `${name}, and the result states ${among.join(' and ')}`,
          }),
        ),
      );
    } else if (lacksFirst) {
      reasons.push(reason('first-argument', { source: index, name: firstOf(source)?.name ?? source.kind ?? '' }));
    } else if (pairs.filter(({ axis }) => axis < axesOf(source).length).length > MOST_ARGUMENTS) {
      reasons.push(reason('too-many-arguments', { source: index }));
    } else {
      const prepared = preparations.get(
        source.rows,
        [source.report, source.kind, source.axes, source.range, index, result.kind, result.scale, policy].concat(
          pairs.flatMap(({ axis, column }) => [axis, column]),
        ),
        () => ({
          values: valuePointsOf(source, pairs, result.kind),
          table: tableOf(source, index, pairs, compared, policy),
          best: minOf(source.rows.map((row) => measured(row, outside)).filter((u) => u > 0)),
        }),
      );
      const region = valueRegionOf(source, pairs, prepared.values, result, policy);
      all.push({ source, pairs, region, ...prepared });
    }
  }
  const floor = groupFloor(all.map(({ source: { report }, best }) => ({ report, u: best })));
  return {
    all,
    reasons,
    together: togetherOf(asked),
    factor: ({ y }) => (compared === 'relative' ? (y ?? NaN) : 1),
    anywhere: ({ y }) => (outside === 'relative' ? Math.abs(y ?? NaN) * floor : floor),
  };
}

export function isReference({ role, kind, dimension, rows }: UsedSource, { result }: Asked): boolean {
  return role === 'reference' && kind === result.kind && dimension === result.dimension && rows.length > 0;
}

/** The uncertainty of a reference at a row, with errors in the unit of the row. */
export interface Found {
  readonly reference: Reference;
  readonly at: Lookup;
}

export function lookUpAll(references: References, row: ResultRow): readonly Found[] {
  const x = coordinates(row);
  const factor = references.factor(row);
  const size = Math.abs(factor);
  return references.all.map((reference) => {
    const found = withValue(lookUp(reference.table, x, row), reference.region, row, x);
    const errors = timesErrors(found.errors, found.low * factor);
    return { reference, at: { ...found, low: found.low * size, high: found.high * size, errors } };
  });
}

/** The values that references cover, for a row beyond them. Unknown for references that also have other arguments. */
export function beside(references: readonly Reference[], { y }: ResultRow): Pick<Reason, 'range'> {
  const spans = references.flatMap(({ source, table }) => {
    const [axis, ...others] = axesOf(source);
    return axis && isNominal(axis, source.kind) && others.length === 0
      ? table.spans.flatMap(({ range }) => range ?? [])
      : [];
  });
  const range = hullOf(spans.flatMap(({ min, max }) => [min, max]));
  const isBeyond = y !== null && (y < range.min || y > range.max);
  return isBeyond && spans.length === references.length && Number.isFinite(range.max - range.min) ? { range } : {};
}

/** No reference covers the row. It fails only if its uncertainty is below that of all references together at their best. */
export function outside(references: References, row: ResultRow): Assessment {
  const floor = references.anywhere(row);
  const reasons = [reason('outside', beside(references.all, row))];
  return isPositive(floor)
    ? { ...NO_FLOOR, position: 'outside', floor, fails: floor, reasons }
    : { ...NO_FLOOR, position: 'outside', reasons };
}
