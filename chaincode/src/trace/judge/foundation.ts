import { exactRelation } from '../../model/index.js';
import type { Result } from '../../model/index.js';
import type { OpenReport } from '../open/opener.js';
import { roleOf } from '../support/index.js';
import type { Foundation, Said } from '../support/index.js';
import { convertedRows, saidBy } from './asked.js';
import type { Offered } from './asked.js';
import { LastAnswer } from './lastAnswer.js';

const foundations = new LastAnswer<Result, Foundation>();

/** What a result rests on among its own kind: the references that it was compared with, or scaled from. */
export function foundationOf({ id }: OpenReport, result: Result, offered: readonly Offered[]): Foundation {
  const method = result.support?.method ?? 'undeclared';
  const isOwn = method === 'product' || method === 'sum' || method === 'general' || method === 'natural';
  const above = isOwn
    ? []
    : offered
        .filter(({ source }) => roleOf(source, { kind: result.quantity }) === 'reference')
        .map(({ source }) =>
          source.kind === result.quantity ? (source.foundation ?? ended(source)) : unknown(source),
        );
  return foundations.get(result, [id, ...above], () => ({
    said: saidBy(id, result),
    height: above.reduce((highest, { height }) => Math.max(highest, height + 1), 0),
    isScaled: method === 'scaled',
    above,
  }));
}

const ends = new LastAnswer<Said['rows'], Foundation>();

/** Of a certificate on paper nobody knows more. */
function ended(said: Said): Foundation {
  return ends.get(said.rows, [said.report], () => ({ said, height: 0, isScaled: false, above: [] }));
}

const NO_ROWS: Said['rows'] = [];

/** What cannot be opened, or is of another kind: no level that it belongs to makes a floor. */
function unknown(said: Said): Foundation {
  return { said: { ...said, rows: NO_ROWS }, height: 0, isScaled: false, above: [] };
}

const conversions = new WeakMap<Foundation, Map<string, Foundation>>();

/** The same by an exact relation, all the way up. */
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
