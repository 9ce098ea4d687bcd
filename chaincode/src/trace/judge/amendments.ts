import type { OpenReport } from '../open/opener.js';
import type { Result } from '../../model/index.js';
import { affectedRows } from '../amended.js';
import type { Budget } from '../budget.js';
import { comparisonsOf } from '../support/index.js';
import type { Source as SupportSource, SupportedResult } from '../support/index.js';
import type { Finding } from '../verdict.js';
import { versionsOf } from './asked.js';
import type { Offered } from './asked.js';
import { tooMuch } from './limits.js';
import type { JudgingPolicy } from './policy.js';
import { nameOf } from './sources.js';
import { placeOf } from './words.js';

const WHY = {
  moved: 'its value moved there by more than the uncertainty ignores',
  wider: 'its uncertainty grew there, and no longer supports this one',
  lost: 'it no longer covers it',
} as const;

/**
 * What the amendments of its sources mean for a result: where a value or an uncertainty that it uses changed, its laboratory has to
 * review it (ISO/IEC 17025, 7.10), or to amend it. An administrative amendment changes nothing, and never spreads.
 *
 * @param asked In the terms of the decision procedure; of `rows`, those alone are asked about (null: all).
 */
export function amendmentFindings(
  report: OpenReport,
  { result, rows }: { readonly result: Result; readonly rows: ReadonlySet<number> | null },
  asked: SupportedResult,
  offered: readonly Offered[],
  { budget, policy }: { readonly budget: Budget; readonly policy: JudgingPolicy },
): readonly Finding[] {
  const given: readonly SupportSource[] = offered.map(({ source }) => source);
  return offered.flatMap((each, place): readonly Finding[] => {
    const versions = each.of.before ? versionsOf(each, each.name) : undefined;
    if (!versions) {
      return [];
    }
    // Without the change, and with it.
    if (!budget.takeComparisons(2 * comparisonsOf(asked, [...given, versions.after]))) {
      return [tooMuch(report, result)];
    }
    const affected = affectedRows(asked, given.with(place, versions.before), place, versions, policy.support);
    const first = affected.find(({ row }) => rows?.has(row) !== false);
    return first
      ? [
          {
            check: 'amendment',
            outcome: 'missing',
            reason: `Report ${report.id}, ${result.name} at ${placeOf(result, first.row)}: ${nameOf(each.of)} was amended by ${each.of.report?.id ?? ''}, and ${WHY[first.why]}: its laboratory has to review it (\`tracecal review\`) or to amend it.`,
          },
        ]
      : [];
  });
}
