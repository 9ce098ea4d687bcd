import { parseUnit, scaleOf } from '../../model/index.js';
import type { PaperResult, Result, Row, Use } from '../../model/index.js';
import { isCoverageFactor, isUsable, siPoints } from '../quantities.js';
import type { Axis, ResultRow, Source as SupportSource, SourceRow, SupportedResult } from '../support/index.js';
import type { Source } from './sources.js';

/** A result as the decision procedure reads it: numbers in SI. What cannot be brought there is NaN, and supports nothing. */
export const supportedResult = perResult((result: Result): Omit<SupportedResult, 'accredited'> => {
  const { quantity, support } = result;
  return {
    kind: quantity,
    scale: scaleOf(quantity),
    dimension: parseUnit(result.unit)?.dimension ?? null,
    axes: axesOf(result),
    rows: result.rows.map((row) => resultRow(result, row)),
    method: support?.method ?? 'undeclared',
    own: support?.own ?? [],
    constants: (support?.constants ?? []).map(({ name, unit }) => ({
      name,
      dimension: parseUnit(unit)?.dimension ?? null,
    })),
    ratioByDesign: false,
  };
});

/** What a result of a report says to those that rest on it: of what was not counted there nothing. */
const sourceRows = perResult((result: Result): readonly SourceRow[] =>
  result.rows.map((row) => {
    const { x, y, expanded, k } = resultRow(result, row);
    return { x, y, u: isCoverageFactor(k) && Number.isFinite(expanded / k) ? expanded / k : null };
  }),
);

/** Whether something can be held against a result, or rest on it: others are there for people to read. */
export function isCounted(result: Result): boolean {
  return siPoints(result).some(isUsable);
}

/** The sources of a result, one for each result of a parent that it may rest on. */
export function supportSources(result: Result, sources: readonly Source[]): readonly Offered[] {
  return sources.flatMap((source, place) => {
    const declared = (result.support?.uses ?? []).filter((use) => use.source === place);
    return declared.length === 0
      ? offers(source, result.quantity, undefined)
      : declared.flatMap((use) => offers(source, use.quantity ?? result.quantity, use));
  });
}

/** A source in the terms of the decision procedure, and the parent that it is of. */
export interface Offered {
  readonly of: Source;
  readonly source: SupportSource;
  /** Whether the result says how it was used. */
  readonly isDeclared: boolean;
}

function offers(of: Source, kind: string, use: Use | undefined): readonly Offered[] {
  const { parent, report, kinds } = of;
  const results = countedFirst(report?.results.get(kind) ?? []);
  const described = parent.kind === 'paper' ? parent.results.filter(({ quantity }) => quantity === kind) : [];
  const said = [
    ...results.map((each) => ({ ...saying(each), rows: sourceRows(each) })),
    ...described.map((each) => ({ ...saying(each), rows: endsOf(each) })),
  ];
  // It says nothing of this kind: an influence, or something of which nobody knows what it says.
  const [other = null] = kinds.keys();
  const silent = { kind: other, scale: scaleOf(other ?? ''), dimension: null, axes: [], rows: [] };
  const usual = said.length === 0 && other === null ? 'reference' : null;
  const base = baseOf(of, kind, usage(use, usual));
  return (said.length > 0 ? said : [silent]).map((each) => ({
    of,
    isDeclared: use !== undefined,
    source: { ...base, ...each },
  }));
}

/** What is the same for all results of a parent. */
function baseOf({ parent, report, kinds, standing }: Source, kind: string, use: SupportSource['use']) {
  const isOnPaper = parent.kind === 'paper';
  const named =
    parent.kind === 'report'
      ? { report: parent.report, device: parent.device }
      : { report: parent.certificate, device: `certificate ${parent.certificate}` };
  return {
    ...(report ? { report: report.id, device: report.device.id } : named),
    outcome: kinds.get(kind)?.outcome ?? standing.outcome,
    resolved: report !== undefined || isOnPaper,
    onPaper: isOnPaper,
    range: null,
    use,
  };
}

/** Where some results state an uncertainty, the others of their kind support nothing and spoil nothing. */
function countedFirst(results: readonly Result[]): readonly Result[] {
  const counting = results.filter(isCounted);
  return counting.length > 0 ? counting : results;
}

function saying(result: Result | PaperResult) {
  return {
    kind: result.quantity,
    scale: scaleOf(result.quantity),
    dimension: parseUnit(result.unit)?.dimension ?? null,
    axes: 'rows' in result ? axesOf(result) : [],
  };
}

/** @param usual The role of a source for which none is declared; null: by its kind. */
function usage(use: Use | undefined, usual: 'reference' | null): SupportSource['use'] {
  const { role = usual, at = null, exponent = null, sensitivity, share = null } = use ?? {};
  return { role, at, exponent, sensitivity: sensitivity ? sensitivityOf(sensitivity) : null, share };
}

function sensitivityOf({ values, unit }: NonNullable<Use['sensitivity']>) {
  const { factor, dimension } = parseUnit(unit) ?? { factor: NaN, dimension: null };
  return { values: values.map((value) => value * factor), dimension };
}

function axesOf({ arguments: all = [] }: Result): readonly Axis[] {
  return all.flatMap(({ role, name, quantity }) =>
    role === 'physical' && quantity !== undefined ? [{ kind: quantity, name }] : [],
  );
}

function resultRow({ unit, arguments: all = [] }: Result, { value, at = [], uncertainty }: Row): ResultRow {
  const { factor, offset } = parseUnit(unit) ?? UNREADABLE;
  return {
    x: all.flatMap(({ role, unit: own = '' }, place) => {
      const stated = at[place];
      const of = parseUnit(own) ?? UNREADABLE;
      return role === 'physical' ? [typeof stated === 'number' ? of.factor * stated + of.offset : NaN] : [];
    }),
    y: value === null ? null : factor * value + offset,
    expanded: uncertainty ? Math.abs(factor) * uncertainty.expanded : NaN,
    k: uncertainty?.coverageFactor ?? NaN,
    p: uncertainty?.coverageProbability ?? null,
    bounded: false,
    methodInScope: false,
  };
}

/** A certificate on paper is described by a range: the same uncertainty at both of its ends. */
function endsOf({ unit, min, max, uncertainty }: PaperResult): readonly SourceRow[] {
  const { factor, offset } = parseUnit(unit) ?? UNREADABLE;
  const u = (Math.abs(factor) * uncertainty.expanded) / uncertainty.coverageFactor;
  return [min, max].map((end) => ({ x: [], y: factor * end + offset, u: Number.isFinite(u) ? u : null }));
}

const UNREADABLE = { factor: NaN, offset: NaN };

/** Works something out once for a result, which several traces ask about. */
function perResult<T extends object>(compute: (result: Result) => T): (result: Result) => T {
  const known = new WeakMap<Result, T>();
  return (result) => {
    const answer = known.get(result) ?? compute(result);
    known.set(result, answer);
    return answer;
  };
}
