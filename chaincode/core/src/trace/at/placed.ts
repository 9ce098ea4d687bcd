import { unitName, withUnit } from '../../model/index.js';
import type { Extent, Result, ResultConformity } from '../../model/index.js';
import { rowsBeside } from '../extents.js';
import type { OpenReport, Placed, Unopened } from '../open/opened.js';
import { givenOf } from '../judge/given.js';
import type { SupportPolicy } from '../support/index.js';
import type { Range } from '../verdict.js';
import { rowsAround } from './around.js';
import { askedText } from './askedAt.js';
import type { AskedAt } from './askedAt.js';

/** A report with only the rows around a place; if it has no such rows, what it gives instead. As-found results are left out. */
export function placedAt(report: OpenReport, at: AskedAt, policy: SupportPolicy): OpenReport | Unopened {
  if (report.unread.length > 0) {
    // Its results do not match the signed digests: that must be reported first.
    return report;
  }
  if (report.closed.size > 0) {
    return untold(report, at);
  }
  const placed = new Map<Result, Placed>();
  const whys: string[] = [];
  for (const whole of report.counted.filter(({ asFound }) => !asFound)) {
    const found = rowsAround(whole, at, policy);
    if ('rows' in found && found.rows.length > 0) {
      const rows = [...found.rows].sort((a, b) => a - b);
      placed.set(onlyRows(whole, rows), { whole, rows: new Set(rows) });
    } else {
      whys.push(
        'unknown' in found
          ? `${whole.name} states no argument "${found.unknown}"${argumentsOf(whole)}`
          : 'needsNumber' in found
            ? `${found.needsNumber.name} of ${whole.name} is a number in ${unitName(found.needsNumber.unit ?? '')}`
            : `${whole.name} is given ${rangesOf(whole)}`,
      );
    }
  }
  return placed.size === 0
    ? report.partly.size > 0
      ? untold(report, at)
      : nothingAt(report, at, whys)
    : { ...withResults(report, [...placed.keys()]), placed, isAskedAbout: true };
}

/**
 * A report with only the rows at places that newer reports do not cover; undefined if it has no such rows.
 *
 * @param newer Newer reports by kind of quantity; a kind without newer reports counts as a whole.
 */
export function placedBeside(
  report: OpenReport,
  newer: ReadonlyMap<string, readonly Extent[]>,
): OpenReport | undefined {
  const placed = new Map<Result, Placed>();
  const results = report.counted.flatMap((whole) => {
    const extents = newer.get(whole.quantity) ?? [];
    if (extents.length === 0) {
      return [whole];
    }
    const rows = whole.asFound ? [] : rowsBeside(whole, extents);
    if (rows.length === whole.rows.length) {
      return [whole];
    }
    const part = onlyRows(whole, rows);
    placed.set(part, { whole, rows: new Set(rows) });
    return rows.length === 0 ? [] : [part];
  });
  if (placed.size === 0) {
    return report;
  }
  // Results that could not be read may cover the place.
  const isUnknown = report.unread.length > 0 || report.closed.size > 0;
  return results.length === 0 && !isUnknown ? undefined : { ...withResults(report, results), placed };
}

/** Whether newer reports do not cover a place. */
export function isBeside({ placed }: OpenReport, newer: ReadonlyMap<string, readonly Extent[]>): boolean {
  return [...(placed ?? [])].some(([part]) => rowsBeside(part, newer.get(part.quantity) ?? []).length > 0);
}

function withResults(report: OpenReport, results: readonly Result[]): OpenReport {
  const kinds = [...report.results.keys()].filter((kind) => results.some(({ quantity }) => quantity === kind));
  return {
    ...report,
    counted: results,
    results: new Map(kinds.map((kind) => [kind, results.filter(({ quantity }) => quantity === kind)])),
  };
}

/** The places of several results in short, because one sentence has no room for all. */
const MOST = 3;

function nothingAt({ id }: OpenReport, at: AskedAt, whys: readonly string[]): Unopened {
  const more = whys.length > MOST ? `; and ${whys.length - MOST} more` : '';
  const gives = whys.length === 0 ? 'it gives no results' : whys.slice(0, MOST).join('; ');
  return {
    check: 'results',
    outcome: 'missing',
    reason: `Report ${id} gives nothing at ${askedText(at)}: ${gives}${more}.`,
  };
}

/** Whoever vouches for confidential results says nothing about where they hold. */
function untold({ id, organisation, closed, partly }: OpenReport, at: AskedAt): Unopened {
  const kinds = [...closed, ...partly.keys()].join(' and ');
  const shown = closed.size > 0 ? '' : 'what was disclosed of it does not cover that, and ';
  return {
    check: 'vouching',
    outcome: 'missing',
    reason: `Report ${id} gives ${kinds} in confidence: ${shown}whether it covers ${askedText(at)} cannot be told without a disclosure of all of it. Ask ${organisation} for one.`,
  };
}

function argumentsOf({ arguments: all = [] }: Result): string {
  return all.length === 0 ? '' : `: it states ${all.map(({ name }) => name).join(', ')}`;
}

/** Over which values and arguments a result is given, with the words of its settings. */
function rangesOf(result: Result): string {
  const { range, unit, arguments: numbers } = givenOf(result);
  const words = (result.arguments ?? []).flatMap(({ name, unit: own }, column) =>
    own === undefined
      ? [`with ${name} ${[...new Set(result.rows.map(({ at }) => at?.[column]))].slice(0, MOST * 2).join(' or ')}`]
      : [],
  );
  return [
    range === null ? 'without values' : spanText(range, unit),
    ...numbers.map((each) => `at ${each.name} ${spanText(each.range, each.unit)}`),
    ...words,
  ].join(', ');
}

function spanText({ min, max }: Range, unit: string): string {
  return min === max ? `only at ${withUnit(min, unit)}` : `from ${min} to ${withUnit(max, unit)}`;
}

function onlyRows({ conformity, ...result }: Result, rows: readonly number[]): Result {
  return {
    ...result,
    rows: pick(result.rows, rows),
    ...(conformity && { conformity: conformityOf(conformity, rows, result.rows.length) }),
  };
}

/** A pass of all rows is also a pass of some rows; any other statement about all rows does not apply to some of them. */
function conformityOf(
  { overall, limits, stated, ...others }: ResultConformity,
  rows: readonly number[],
  all: number,
): ResultConformity {
  const isSaid = overall === 'pass' || rows.length === all;
  return {
    ...others,
    ...(overall !== undefined && isSaid && { overall }),
    ...(limits && { limits: { ...limits, lower: pick(limits.lower, rows), upper: pick(limits.upper, rows) } }),
    ...(stated && { stated: pick(stated, rows) }),
  };
}

function pick<T>(all: readonly T[], rows: readonly number[]): readonly T[] {
  return all.filter((_, row) => rows.includes(row));
}
