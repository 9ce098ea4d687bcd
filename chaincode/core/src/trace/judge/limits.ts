import type { Result } from '../../model/index.js';
import type { OpenReport } from '../open/opened.js';
import type { Finding } from '../verdict.js';

/** Findings of one outcome that are told of one result: a person reads no more, and an answer has room for no more. */
const MOST_FINDINGS = 32;

/** The first of each outcome, and nothing twice. What an accreditation stands in for never hides what somebody else does. */
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

/** That a trace ended is told of a report once: whatever comes afterwards is not compared either. */
export function tooMuchOnce(findings: readonly Finding[]): readonly Finding[] {
  const first = findings.find(({ check }) => check === 'limits');
  return findings.filter((each) => each.check !== 'limits' || each === first);
}

/**
 * A trace that would hold more results against one another than it may, with the question that asks for less.
 *
 * @param result - Where it stopped.
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
