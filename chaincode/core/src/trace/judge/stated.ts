import { parseUnit, publishedConstant, scaleOf, valuesOf } from '../../model/index.js';
import type { Argument, Constant, PaperResult, Result, Row, Use } from '../../model/index.js';
import type { AmendedSource } from '../amended.js';
import { isCoverageFactor } from '../coverageFactors.js';
import { perResult } from '../perResult.js';
import { isUsable, siPoints } from '../quantities.js';
import type { Axis, Said, ResultRow, Source as SupportSource, SourceRow, SupportedResult } from '../support/index.js';
import { unitFor } from './units.js';

/** A result as the decision procedure reads it: numbers in SI. A number that cannot be converted is NaN and supports nothing. */
export const supportedResult = perResult((result: Result): Omit<SupportedResult, 'accredited'> => {
  const { quantity, support } = result;
  return {
    kind: quantity,
    scale: scaleOf(quantity),
    values: valuesOf(quantity),
    dimension: parseUnit(result.unit)?.dimension ?? null,
    axes: axesOf(result),
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

export function saying(result: Result | PaperResult) {
  return {
    kind: result.quantity,
    scale: scaleOf(result.quantity),
    dimension: parseUnit(result.unit)?.dimension ?? null,
    axes: 'rows' in result ? axesOf(result) : [],
  };
}

export function usageOf(use: Partial<Use>, given: Result | undefined): SupportSource['use'] {
  const { role = null, at = null, exponent = null, share = null } = use;
  const places = at && given ? placesIn(given, at) : at;
  return { role, at: places, exponent, sensitivity: use.sensitivity ? sensitivityInSi(use.sensitivity) : null, share };
}

/** For a source with at most one argument, a place is one number; otherwise it has one number for each argument. */
function placesIn({ quantity, unit, arguments: all = [] }: Result, at: readonly number[]): readonly number[] {
  const physical = all.filter(({ role }) => role === 'physical');
  const units =
    physical.length > 1 ? physical.map(({ quantity: kind = '', unit: own = '' }) => unitFor(kind, own)) : [];
  const [only] = physical;
  const single = only ? unitFor(only.quantity ?? '', only.unit ?? '') : unitFor(quantity, unit);
  return at.map((value, place) => inSi(value, units[place] ?? single));
}

function sensitivityInSi({ values, unit }: NonNullable<Use['sensitivity']>) {
  const read = parseUnit(unit);
  return { values: values.map((value) => value * (read?.factor ?? NaN)), dimension: read?.dimension ?? null };
}

function axesOf({ arguments: all = [] }: Result): readonly Axis[] {
  return all.flatMap(({ role, name, quantity }) =>
    role === 'physical' && quantity !== undefined ? [{ kind: quantity, name }] : [],
  );
}

/** Numeric settings that a standard may treat as physical arguments: a frequency is one, a range of the result's own kind is not. */
function settingsOf({ quantity: own, arguments: all = [] }: Result): readonly Axis[] {
  return all.flatMap(({ role, name, quantity }) =>
    role === 'setting' && quantity !== undefined && quantity !== own ? [{ kind: quantity, name }] : [],
  );
}

function resultRow({ quantity, unit, arguments: all = [] }: Result, { value, at = [], uncertainty }: Row): ResultRow {
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
function inSi(value: number, { factor, offset }: { readonly factor: number; readonly offset: number }): number {
  const scaled = factor * value;
  return scaled === 0 && value !== 0 ? NaN : scaled + offset;
}
