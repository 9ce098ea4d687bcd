import { parseUnit, publishedConstant, scaleOf, valuesOf } from '../../model/index.js';
import type { Argument, Constant, PaperResult, Result, Row } from '../../model/index.js';
import type { AmendedSource } from '../amended.js';
import { isCoverageFactor } from '../coverageFactors.js';
import { perResult } from '../perResult.js';
import { isUsable, siPoints } from '../quantities.js';
import type { Axis, Said, ResultRow, SourceRow, SupportedResult } from '../support/index.js';
import { areNominal } from './nominal.js';
import { unitFor } from './units.js';

/** A result as the decision procedure reads it: numbers in SI. A number that cannot be converted is NaN and supports nothing. */
export const supportedResult = perResult((result: Result): Omit<SupportedResult, 'accredited'> => {
  const { quantity, support } = result;
  return {
    ...saying(result),
    values: valuesOf(quantity),
    settings: settingsOf(result),
    rows: result.rows.map((row) => resultRow(result, row)),
    method: support?.method ?? 'undeclared',
    own: support?.own ?? [],
    constants: (support?.constants ?? []).map(constantOf),
    ratioByDesign: false,
  };
});

function constantOf({ name, value, unit, share }: Constant): SupportedResult['constants'][number] {
  const read = parseUnit(unit);
  const dimension = read?.dimension ?? null;
  const isExact = dimension === '' || publishedConstant(value, unit) !== undefined;
  return { name, value: value * (read?.factor ?? NaN), dimension, share: share ?? null, isExact };
}

/** What a result of a report gives to results that rest on it; rows that did not count there give nothing. */
export const sourceRows = perResult((result: Result): readonly SourceRow[] =>
  result.rows.map((row) => {
    const { x, y, expanded, k, p } = resultRow(result, row);
    return { x, y, u: standardOf(expanded, k, p) };
  }),
);

/** Null if it is unknown. */
function standardOf(expanded: number, k: number, p: number | null): number | null {
  return isCoverageFactor(k, p) && Number.isFinite(expanded / k) ? expanded / k : null;
}

/** The same, by the report that states it. */
export function saidBy(report: string, result: Result): Said {
  return { report, ...saying(result), rows: sourceRows(result), range: null };
}

/** Without as-found results, which no longer describe the device. If some results state an uncertainty, the others do not count. */
export function countedIn(results: readonly Result[]): readonly Result[] {
  const own = results.filter(({ asFound }) => !asFound);
  const counted = own.filter(isCounted);
  return counted.length > 0 ? counted : own;
}

/** Whether a result can be checked or relied on; other results are only shown to people. */
export function isCounted(result: Result): boolean {
  return siPoints(result).some(isUsable);
}

export function rowsWithErrors(result: Result): AmendedSource['rows'] {
  const factor = parseUnit(result.unit)?.factor ?? NaN;
  return sourceRows(result).map((row, place) => {
    const error = result.rows[place]?.error;
    return { ...row, error: error === undefined ? null : error * factor };
  });
}

/** Computed once, so that what is prepared from the arguments of a result is found again. */
export const saying = perResult((result: Stating | PaperResult) => ({
  kind: result.quantity,
  scale: scaleOf(result.quantity),
  dimension: parseUnit(result.unit)?.dimension ?? null,
  axes: 'arguments' in result ? axesOf(result) : [],
}));

/** A result; without rows, its arguments are only named. */
type Stating = Pick<Result, 'quantity' | 'unit' | 'arguments'> & Partial<Pick<Result, 'rows'>>;

function axesOf({ quantity: own, unit, arguments: all = [], rows = [] }: Stating): readonly Axis[] {
  const physical = all.filter(({ role, quantity }) => role === 'physical' && quantity !== undefined);
  const read = physical.some(({ quantity }) => quantity === own)
    ? rows.map((row) => resultRow({ quantity: own, unit, arguments: all }, row))
    : [];
  return physical.map(({ name, quantity: kind = '' }, place) => ({
    kind,
    name,
    ...(kind === own &&
      !areNominal(
        read.map(({ x }) => x[place] ?? NaN),
        read,
        own,
      ) && { isBeside: true as const }),
  }));
}

/** Numeric settings that a standard may treat as physical arguments: a frequency is one, a range of the result's own kind is not. */
function settingsOf({ quantity: own, arguments: all = [] }: Result): readonly Axis[] {
  return all.flatMap(({ role, name, quantity }) =>
    role === 'setting' && quantity !== undefined && quantity !== own ? [{ kind: quantity, name }] : [],
  );
}

function resultRow({ quantity, unit, arguments: all = [] }: Stating, { value, at = [], uncertainty }: Row): ResultRow {
  const read = unitFor(quantity, unit);
  const numbersOf = (asked: Argument['role'], except?: string) =>
    all.flatMap(({ role, quantity: kind, unit: own = '' }, place) => {
      const stated = at[place];
      return role !== asked || kind === undefined || kind === except
        ? []
        : [typeof stated === 'number' ? inSi(stated, unitFor(kind, own)) : NaN];
    });
  return {
    x: numbersOf('physical'),
    set: numbersOf('setting', quantity),
    y: value === null ? null : inSi(value, read),
    expanded: uncertainty ? Math.abs(read.factor) * uncertainty.expanded : NaN,
    k: uncertainty?.coverageFactor ?? NaN,
    p: uncertainty?.coverageProbability ?? null,
    distribution: uncertainty?.distribution ?? null,
    methodInScope: false,
  };
}

/** A paper certificate is described by a range, with the same uncertainty at both ends. */
export function endsOf({ quantity, unit, min, max, uncertainty }: PaperResult): readonly SourceRow[] {
  const read = unitFor(quantity, unit);
  const { expanded, coverageFactor: k, coverageProbability: p } = uncertainty;
  const u = standardOf(Math.abs(read.factor) * expanded, k, p);
  return [min, max].map((end) => ({ x: [], y: inSi(end, read), u }));
}

/** A number that the conversion turns into zero is unknown. It is not a true zero, which would need no reference. */
export function inSi(value: number, { factor, offset }: { readonly factor: number; readonly offset: number }): number {
  const scaled = factor * value;
  return scaled === 0 && value !== 0 ? NaN : scaled + offset;
}
