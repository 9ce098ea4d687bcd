import { exactRelation } from '../../model/index.js';
import type { Result } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import { correlationsOf, ownErrors, roleOf } from '../support/index.js';
import type {
  Errors,
  Foundation,
  ResultFinding,
  RowFinding,
  Said,
  Source as SupportSource,
  SourceRow,
} from '../support/index.js';
import { convertedRows } from './offered.js';
import { saidBy } from './stated.js';
import type { Offered } from './offered.js';
import { LastAnswer } from '../lastAnswer.js';

const foundations = new LastAnswer<Result, Foundation>();

/** The references of the same kind that a result was compared with or scaled from. */
export function foundationOf(
  { id }: OpenReport,
  result: Result,
  offered: readonly Offered[],
  { rows }: ResultFinding,
): Foundation {
  const method = result.support?.method ?? 'undeclared';
  const made = offered
    .map(({ source }) => source)
    .filter((source) => MADE.has(roleOf(source, { kind: result.quantity })));
  const above = aboveOf(result, made).map((source) =>
    source.kind === result.quantity ? (source.foundation ?? ended(source)) : unknown(source),
  );
  return foundations.get(result, [id, rows, ...above], () => {
    const stated = saidBy(id, result);
    const said = { ...stated, rows: passedOn(stated, rows) };
    return {
      said,
      height: above.reduce((highest, { height }) => Math.max(highest, height + 1), 0),
      isScaled: method === 'scaled' || (PROPAGATED.has(method) && said.scale !== 'additive'),
      above,
    };
  });
}

/**
 * What the rows of a result give to others. If every level could use the tolerances again, a chain would gain from them. So a row
 * counts with no less uncertainty than its references gave, and at the edge of their range it covers no more than they do. It passes
 * on the errors that it took over. A zero that needed no reference does not cover other values.
 */
function passedOn(said: Said, found: readonly RowFinding[]): Said['rows'] {
  const own = ownErrors(said);
  return said.rows.map((row, place) => {
    const on = found[place];
    return on && row.u !== null ? rowOn(row, row.u, on, own) : row;
  });
}

function rowOn(row: SourceRow, u: number, { floor, position, nearest, errors }: RowFinding, own: Errors): SourceRow {
  if (floor === null) {
    return position === 'zero' ? { ...row, isZeroOnly: true } : row;
  }
  const credible = Math.max(u, floor);
  return {
    ...row,
    u: credible,
    ...(nearest && { covered: placeIn(row, nearest) }),
    ...(errors.size > 0 && { errors: correlationsOf(errors, credible, own) }),
  };
}

function placeIn({ x, y }: SourceRow, nearest: readonly number[]): Pick<SourceRow, 'x' | 'y'> {
  return { x: nearest.slice(0, x.length), y: y === null ? null : (nearest.at(-1) ?? null) };
}

const MADE: ReadonlySet<string> = new Set(['reference', 'input', 'ratio']);
const PROPAGATED: ReadonlySet<string> = new Set(['product', 'sum', 'general']);

/** For a computed result: its only source of the same kind, if that passes on all of its error. */
function aboveOf({ quantity, support }: Result, made: readonly SupportSource[]): readonly SupportSource[] {
  const method = support?.method ?? 'undeclared';
  if (!PROPAGATED.has(method)) {
    return method === 'natural' ? [] : made.filter((source) => roleOf(source, { kind: quantity }) === 'reference');
  }
  const alike = made.filter(({ kind }) => kind === quantity);
  return alike.length === 1 ? alike.filter(({ use }) => isWhole(method, use)) : [];
}

function isWhole(method: string, { exponent, sensitivity }: SupportSource['use']): boolean {
  return method === 'product'
    ? exponent === 1
    : (sensitivity?.values ?? (method === 'sum' ? [1] : [])).every((value) => Math.abs(value) >= 1);
}

const ends = new LastAnswer<Said['rows'], Foundation>();

/** Nothing more is known of a paper certificate. */
function ended(said: Said): Foundation {
  return ends.get(said.rows, [said.report], () => ({ said, height: 0, isScaled: false, above: [] }));
}

const NO_ROWS: Said['rows'] = [];

/** A source that cannot be opened or has another kind: no level with it has a floor. */
function unknown(said: Said): Foundation {
  return { said: { ...said, rows: NO_ROWS }, height: 0, isScaled: false, above: [] };
}

const conversions = new WeakMap<Foundation, Map<string, Foundation>>();

/** Converts it by an exact relation, and everything above it. */
export function convertedFoundation(foundation: Foundation, to: string): Foundation {
  const { said, above } = foundation;
  if (said.kind === null || exactRelation(said.kind, to) === undefined) {
    return foundation;
  }
  const known = conversions.get(foundation) ?? new Map<string, Foundation>();
  conversions.set(foundation, known);
  const converted = known.get(to) ?? {
    ...foundation,
    said: { ...said, ...convertedRows(said, said.kind, to) },
    above: above.map((each) => convertedFoundation(each, to)),
  };
  known.set(to, converted);
  return converted;
}
