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
  const isOnPaper = of.parent.kind === 'paper';
  const base = {
    ...namesOf(of),
    outcome: outcomeFor(of, kind),
    resolved: of.report !== undefined || isOnPaper,
    onPaper: isOnPaper,
    range: null,
    use: usage(use),
  };
  const isDeclared = use !== undefined;
  const given = givenBy(of, kind);
  const role = base.use.role ?? roleOfSilent(of);
  return given.length > 0
    ? given.map((each) => ({ of, isDeclared, source: { ...base, ...each } }))
    : [{ of, isDeclared, source: { ...base, ...silent(of), use: { ...base.use, role } } }];
}

/** A certificate on paper of which nobody states anything has nothing to pass on: what that means is decided by its use. */
function outcomeFor({ parent, kinds, standing }: Source, kind: string): SupportSource['outcome'] {
  return parent.kind === 'paper' && kinds.size === 0 ? 'sound' : (kinds.get(kind) ?? standing).outcome;
}

function namesOf({ parent, report }: Source): Pick<SupportSource, 'report' | 'device'> {
  return parent.kind === 'report'
    ? { report: report?.id ?? parent.report, device: parent.device }
    : { report: parent.certificate, device: `certificate ${parent.certificate}` };
}

/** What a source says of a kind of quantity: what was found before an adjustment says nothing about the device any more. */
function givenBy({ parent, report }: Source, kind: string) {
  if (parent.kind === 'paper') {
    return parent.results
      .filter(({ quantity }) => quantity === kind)
      .map((each) => ({ ...saying(each), rows: endsOf(each) }));
  }
  const own = (report?.results.get(kind) ?? []).filter(({ asFound }) => !asFound);
  // Where some state an uncertainty, the others support nothing and spoil nothing.
  const counted = own.filter(isCounted);
  return (counted.length > 0 ? counted : own).map((each) => ({ ...saying(each), rows: sourceRows(each) }));
}

/** It says nothing of this kind: an influence, or something of which nobody knows what it says. */
function silent({ kinds }: Source) {
  const [kind = null] = kinds.keys();
  return { kind, scale: scaleOf(kind ?? ''), dimension: null, axes: [], rows: [] };
}

/** What cannot be opened, or gives nothing, may be what the result rests on. */
function roleOfSilent({ kinds }: Source): 'reference' | null {
  return kinds.size === 0 ? 'reference' : null;
}

function saying(result: Result | PaperResult) {
  return {
    kind: result.quantity,
    scale: scaleOf(result.quantity),
    dimension: parseUnit(result.unit)?.dimension ?? null,
    axes: 'rows' in result ? axesOf(result) : [],
  };
}

function usage(use: Use | undefined): SupportSource['use'] {
  const { role = null, at = null, exponent = null, share = null } = use ?? {};
  return { role, at, exponent, sensitivity: use?.sensitivity ? inSi(use.sensitivity) : null, share };
}

function inSi({ values, unit }: NonNullable<Use['sensitivity']>) {
  const read = parseUnit(unit);
  return { values: values.map((value) => value * (read?.factor ?? NaN)), dimension: read?.dimension ?? null };
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
