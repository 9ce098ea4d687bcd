import { withUnit } from '../../model/index.js';
import type { Result } from '../../model/index.js';
import { described } from '../cmc/index.js';
import { CONFORMITY_WORDS } from '../conformity.js';
import type { Budget } from '../budget.js';
import type { OpenReport } from '../open/opened.js';
import { comparedAs, FLOOR_RULE, sentenceOf, standardOfRule } from '../support/index.js';
import type { ResultFinding, RowFinding, Words } from '../support/index.js';
import { explainingWork, responsible } from './accreditation.js';
import { countedRows, judgeRow } from './capability.js';
import { conformityIn } from './conformity.js';
import type { JudgingPolicy } from './policy.js';
import { rounded, whereOf } from './words.js';

/** What was compared for a result: sentences of the checks on its numbers, for `explain`. */

/** Limit of rows that are named: a table may have a thousand rows, and most are alike. */
const MOST_ROWS = 8;

/** The uncertainty of its rows against what its sources allow, with the method class and the title that it rests on. */
export function supportCompared(
  { id }: OpenReport,
  { result, rows: asked }: { readonly result: Result; readonly rows: ReadonlySet<number> | null },
  { reasons, rows }: ResultFinding,
  words: Words,
): readonly string[] {
  const method = result.support?.method ?? 'undeclared';
  const about = `support: Report ${id}, ${result.name}`;
  const own = (row: RowFinding, place: number) => {
    const standards = [...new Set([FLOOR_RULE, ...row.reasons.map(({ rule }) => rule)].map(standardOfRule))].join(', ');
    const said = row.reasons.map((reason) => ` ${sentenceOf(reason, words)}`).join('');
    return `${about} at ${whereOf(result, place)}: ${comparedAs(method, row, words)} (${standards}).${said}`;
  };
  return [
    ...reasons.map((reason) => `${about}: ${sentenceOf(reason, words)} (${standardOfRule(reason.rule)})`),
    ...someOf(
      about,
      rows.flatMap((row, place) =>
        asked?.has(place) === false ? [] : [{ part: row.ratio, text: () => own(row, place) }],
      ),
    ),
  ];
}

/** The uncertainty of its rows at 95 % against the accreditation of the laboratory, on the last day of the work. */
export function capabilityCompared(
  report: OpenReport,
  result: Result,
  { budget, policy }: { readonly budget: Budget; readonly policy: JudgingPolicy },
): readonly string[] {
  const day = report.payload.performed.end;
  const about = `scope: Accreditation of ${responsible(report)} on ${day}, report ${report.id}, ${result.name}`;
  if (!budget.takeSpare(explainingWork(report, result))) {
    return [`${about}: more rows and lines than there is room to compare again: ask about one value (--at).`];
  }
  const lines = countedRows(result).map(({ row, place }) => {
    const judged = judgeRow(report, result, row, report.laboratory.lines, { day, policy });
    const part = judged.outcome === 'missing' ? null : judged.compared.ratio;
    return { part, text: () => `${about} at ${whereOf(result, place)}: ${described(judged)} (ILAC-P14).` };
  });
  return someOf(about, lines);
}

/** The conformity that the report's own numbers give. */
export function conformityCompared({ id }: OpenReport, result: Result): readonly string[] {
  const found = conformityIn(result);
  const { conformity, rows, unit } = result;
  if (!found || !conformity) {
    return [];
  }
  const rule = found.isRuleAssumed
    ? 'the simple rule, because no rule is stated'
    : `the ${conformity.rule?.kind ?? ''} rule`;
  const about = `conformity: Report ${id}, ${result.name}`;
  const lines = found.points.map(({ status, tur, open }, place) => {
    const row = rows[place];
    const value = (conformity.of === 'error' ? row?.error : row?.value) ?? null;
    const [lower, upper] = [conformity.limits?.lower[place] ?? null, conformity.limits?.upper[place] ?? null];
    const limits = limitsText(lower, upper, unit);
    const ratio = tur === null ? '' : `, test uncertainty ratio ${rounded(tur)}`;
    return {
      part: tur,
      text: () =>
        `${about} at ${whereOf(result, place)}: it ${CONFORMITY_WORDS[status]}${open === null ? '' : `, because ${open}`}; ${conformity.of} ${textOf(value, unit, 'not stated')}, limits ${limits}${ratio}.`,
    };
  });
  const isRecomputed = found.status !== 'undecidable' && found.status !== 'stated-pass';
  const isWide = found.points.some(({ tur }) => tur !== null && tur < 1);
  return [
    `${about}: it ${CONFORMITY_WORDS[found.status]}${isRecomputed ? `, by ${rule}` : ''}${isWide ? ', but U exceeds the limits' : ''}.`,
    ...someOf(about, lines),
  ];
}

function textOf(value: number | null, unit: string, otherwise: string): string {
  return value === null ? otherwise : withUnit(value, unit);
}

function limitsText(lower: number | null, upper: number | null, unit: string): string {
  if (lower === null && upper === null) {
    return 'not stated';
  }
  const from = lower !== null && upper !== null ? String(lower) : textOf(lower, unit, 'no lower limit');
  return `${from} to ${textOf(upper, unit, 'no upper limit')}`;
}

interface Told {
  /** How close a row is to its limit; the closest row is always named. */
  readonly part: number | null;
  readonly text: () => string;
}

function someOf(about: string, all: readonly Told[]): readonly string[] {
  const rest = all.slice(MOST_ROWS);
  if (rest.length === 0) {
    return all.map(({ text }) => text());
  }
  const closest = rest.reduce((best, each) => ((each.part ?? Infinity) < (best.part ?? Infinity) ? each : best));
  const others = rest.length - 1;
  return [
    ...all.slice(0, MOST_ROWS).map(({ text }) => text()),
    closest.text(),
    ...(others === 0 ? [] : [`${about}: and ${others} more rows, none of them closer.`]),
  ];
}
