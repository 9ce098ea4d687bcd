import type { OpenReport } from '../open/opened.js';
import type { Result } from '../../model/index.js';
import { affectedRows } from '../amended.js';
import type { AffectedRow } from '../amended.js';
import type { Budget } from '../budget.js';
import { comparisonsOf } from '../support/index.js';
import type { Source as SupportSource, SupportedResult, Words } from '../support/index.js';
import type { Finding } from '../verdict.js';
import { statingWork, versionsOf } from './offered.js';
import type { Offered } from './offered.js';
import type { Doubt } from './doubt.js';
import { tooMuch } from './limits.js';
import type { JudgingPolicy } from './policy.js';
import { reviewed } from './reviewed.js';
import { nameOf } from './sources.js';
import type { Source } from './sources.js';
import { whereOf, wordsFor } from './words.js';

/** The change of a row, with the numbers that were compared. */
function whyOf({ why, shift, limit }: AffectedRow, words: Words): string {
  switch (why) {
    case 'moved':
      return Number.isFinite(shift)
        ? `that moves this value by up to ${words.uncertainty(shift)}, where more than ${words.uncertainty(limit)} matters`
        : 'how far its value moved there cannot be told';
    case 'wider':
      return 'its uncertainty grew there, and no longer supports this one';
    case 'lost':
      return 'it no longer covers it';
  }
}

/** A finding about an amended source. */
export interface Amended {
  readonly of: Offered;
  readonly finding: Finding;
  /** Absent if not enough work was left to look. */
  readonly doubt?: Doubt;
}

/**
 * The findings about amended sources of a result. If a value or an uncertainty that the result uses has changed, its laboratory has to
 * review the report (ISO/IEC 17025, 7.10) or amend it. An administrative amendment changes nothing and does not spread.
 *
 * @param asked The result in the terms of the decision procedure; `rows` limits the question to these rows (null: all).
 */
export function amendmentFindings(
  report: OpenReport,
  { result, rows }: { readonly result: Result; readonly rows: ReadonlySet<number> | null },
  asked: SupportedResult,
  offered: readonly Offered[],
  { budget, policy }: { readonly budget: Budget; readonly policy: JudgingPolicy },
): readonly Amended[] {
  const given: readonly SupportSource[] = offered.map(({ source }) => source);
  const uses = amendedUses(offered, result);
  const stating = uses.reduce((sum, { each }) => sum + statingWork(each), 0);
  if (!budget.takeComparisons(stating)) {
    return uses.slice(0, 1).map(({ each }) => ({ of: each, finding: tooMuch(report, result) }));
  }
  const all = uses.flatMap(({ each, place }) => versionsOf(each).map((versions) => ({ each, place, versions })));
  return all.flatMap(({ each, place, versions }): readonly Amended[] => {
    // Once nothing is left, the cost need not be counted.
    if (!budget.takeComparisons(0)) {
      return [{ of: each, finding: tooMuch(report, result) }];
    }
    // Cost: the decision with the amended source, and three tables for each version (values, errors, uncertainties).
    const work =
      comparisonsOf(asked, given.with(place, versions.after), budget.room) +
      3 * comparisonsOf({ ...asked, method: 'direct' }, [versions.before, versions.after]);
    if (!budget.takeComparisons(work)) {
      return [{ of: each, finding: tooMuch(report, result) }];
    }
    const affected = affectedRows(asked, given.with(place, versions.before), place, versions, policy.support);
    const first = affected.find(({ row }) => rows?.has(row) !== false);
    if (!first) {
      return [];
    }
    const { review, report: amendment } = each.of;
    const cause = amendment?.id ?? '';
    const what = `Report ${report.id}, ${result.name} at ${whereOf(result, first.row)}: ${nameOf(each.of)} was amended by ${cause}, and ${whyOf(first, wordsFor(result, offered))}`;
    return [{ of: each, ...doubted(report, cause, what, review) }];
  });
}

/** What an amendment does to a report, until the laboratory of the report has reviewed it. */
function doubted({ id }: Pick<OpenReport, 'id'>, cause: string, what: string, review: Source['review']) {
  const reason = review
    ? `${what}; ${reviewed(review)}`
    : `${what}: its laboratory has to review it (\`tracecal review\`) or to amend it.`;
  const finding: Finding = { check: 'amendment', outcome: review ? 'note' : 'missing', reason };
  const doubt: Doubt = { report: id, cause, isReviewed: review !== undefined, reason };
  return { finding, doubt };
}

/**
 * The same where nobody sees whether a result has moved, because it or its source is confidential: any source that states anything else
 * since counts, until somebody who has read both vouches anew.
 */
export function unseenAmendments(
  { report, kind }: { readonly report: Pick<OpenReport, 'id'>; readonly kind: string },
  restated: readonly Source[],
): readonly ReturnType<typeof doubted>[] {
  return restated.map((source) => {
    const cause = source.report?.id ?? '';
    const what = `Report ${report.id}, ${kind}: ${nameOf(source)} was amended by ${cause}, and nobody else sees whether that moves confidential results`;
    return doubted(report, cause, what, source.review);
  });
}

/** The uses of amended sources, each once: all results of a kind are examined together. */
function amendedUses(offered: readonly Offered[], { support }: Result) {
  const places = new Map(support?.uses.map((use, place) => [use, place]));
  const seen = new Set<string>();
  return offered.flatMap((each, place) => {
    if (!each.of.before) {
      return [];
    }
    const { of, kind, declared, source } = each;
    const use = JSON.stringify([of.report?.id, kind, declared && places.get(declared), source.use.at]);
    if (seen.has(use)) {
      return [];
    }
    seen.add(use);
    return [{ each, place }];
  });
}
