import type { Result } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import type { Finding } from '../verdict.js';

/** Limit of findings of one outcome for one result: nobody reads more, and an answer has no room for more. */
const MOST_FINDINGS = 32;

/**
 * The first findings of each outcome, without repetitions. Findings about an accreditation never displace findings about another
 * organisation's word.
 */
export function atMost(findings: readonly Finding[]): readonly Finding[] {
  const told = new Set<string>();
  const counts = new Map<string, number>();
  return findings.filter(({ outcome, basis = '', reason }) => {
    const sort = `${outcome} ${basis}`;
    const count = counts.get(sort) ?? 0;
    if (told.has(reason) || count >= MOST_FINDINGS) {
      return false;
    }
    told.add(reason);
    counts.set(sort, count + 1);
    return true;
  });
}

/** A report states once that the trace ended: everything after that is not compared either. */
export function tooMuchOnce(findings: readonly Finding[]): readonly Finding[] {
  const first = findings.find(({ check }) => check === 'limits');
  return findings.filter((each) => each.check !== 'limits' || each === first);
}

/**
 * The finding about a trace that would exceed its comparisons, with a narrower question.
 *
 * @param result - The result at which it stopped.
 */
export function tooMuch(report: OpenReport, result?: Result): Finding {
  return {
    check: 'limits',
    outcome: 'missing',
    reason: `Report ${report.id} and its parents have more results than one trace compares: ${narrower(report, result)}.`,
  };
}

function narrower({ results, unread, placed }: OpenReport, result: Result | undefined): string {
  const [kind = '', ...others] = new Set([...results.keys(), ...unread.map(({ quantity }) => quantity)]);
  if (others.length > 0) {
    return `ask about one kind of quantity (--quantity ${result?.quantity ?? kind})`;
  }
  const value = result?.rows.find((row) => row.value !== null)?.value ?? null;
  return placed || value === null
    ? 'its laboratory has to divide them among several devices'
    : `ask about one value of ${kind} (--at ${value})`;
}
