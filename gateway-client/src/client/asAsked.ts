import type { ReportAnswer, TraceSummaries } from '@tracecal/core/contracts';
import { canonicalJson, printable } from '@tracecal/core/model';
import type { HeartbeatRecord, Instant } from '@tracecal/core/model';
import { resultsDigests, VERDICT_STATUSES } from '@tracecal/core/trace';
import type { TraceOptions, Verdict } from '@tracecal/core/trace';
import { clientError, TraceCalError } from './errors.js';
import { isSound } from './reliance.js';
import { readReport } from './report/readReport.js';
import { statementDigest } from './statements/readStatement.js';
import { understood } from './understood.js';

// Nobody signs an answer: a gateway may mix up two of them, or give an old one once more. What can be told without trusting it is told.

/** A verdict, if it answers this question. @throws TraceCalError `ANSWER_INVALID` */
export function verdictAsAsked(
  device: string,
  {
    asOf,
    knownAt,
    quantity,
    at,
  }: Pick<TraceOptions, 'asOf' | 'knownAt' | 'quantity'> & Partial<Pick<TraceOptions, 'at'>>,
  verdict: Verdict,
): Verdict {
  return understood(() => {
    const { device: about, asOf: then, knownAt: known, quantity: kind, at: place } = verdict;
    requireSame(
      'the verdict',
      [device, asOf, knownAt, quantity, at ?? null],
      [about, then, known, kind, place ?? null],
    );
    requireOneMeaning(verdict.status, verdict.requirements?.fulfilled ?? false);
    return verdict;
  });
}

/** Nobody's requirements are met by a verdict that is not sound. */
function requireOneMeaning(status: Verdict['status'], isFulfilled: boolean): void {
  const isKnown = VERDICT_STATUSES.includes(status) && typeof isFulfilled === 'boolean';
  if (!isKnown || (isFulfilled && !isSound(status))) {
    throw clientError(
      'ANSWER_INVALID',
      'In the answer, the verdict contradicts itself, or is of a kind that is not known here.',
    );
  }
}

/**
 * A verdict of the registry that is meant: the same institutes may have founded others, to rehearse.
 * @throws TraceCalError `INPUT_INVALID`
 */
export function ofRegistry(meant: string | undefined, verdict: Verdict): Verdict {
  if (meant !== undefined && meant !== verdict.registry) {
    throw new TraceCalError(
      'INPUT_INVALID',
      `The verdict is of registry ${printable(verdict.registry)}, and your trust file or question names ${printable(meant)}: ask the network of that registry.`,
    );
  }
  return verdict;
}

/** Verdicts about many devices, if they answer this question. @throws TraceCalError `ANSWER_INVALID` */
export function summariesAsAsked(devices: readonly string[], asOf: Instant, summaries: TraceSummaries): TraceSummaries {
  return understood(() => {
    const about = summaries.results.map(({ device }) => device);
    requireSame('the list of verdicts', [asOf, devices], [summaries.asOf, about]);
    summaries.results.forEach(({ status, fulfilled }) => {
      requireOneMeaning(status, fulfilled);
    });
    return summaries;
  });
}

/** Something that has an id, if it is the one that was asked for. @throws TraceCalError `ANSWER_INVALID` */
export function withId<T extends { readonly id: string }>(id: string, answer: T): T {
  return understood(() => {
    requireSame('it', [id], [answer.id]);
    return answer;
  });
}

/** A heartbeat, if it is one of this institute. @throws TraceCalError `ANSWER_INVALID` */
export function heartbeatOf(institute: string, answer: HeartbeatRecord | null): HeartbeatRecord | null {
  return understood(() => {
    requireSame('the heartbeat', [institute], [answer === null ? institute : answer.institute]);
    return answer;
  });
}

/** What is told of an epoch, if it is told of this one; any, if the open one was asked for. @throws TraceCalError `ANSWER_INVALID` */
export function ofEpoch<T>(epoch: number | undefined, told: number, answer: T): T {
  return understood(() => {
    requireSame('the epoch', [epoch ?? told], [told]);
    return answer;
  });
}

/**
 * A report, if it is the one that was asked for, and what is told of it is what was signed. Whoever accepts it signs its digest:
 * that must be the digest of what they were shown. @throws TraceCalError `ANSWER_INVALID`
 */
export function reportAsSigned(id: string, answer: ReportAnswer): ReportAnswer {
  return understood(() => {
    const { jws } = answer.record.statement;
    const { subject, author, body } = readReport(jws);
    requireSame('the report', [id, id, id], [answer.id, answer.record.id, subject.id]);
    requireSame(
      `the content of report ${id}`,
      // Nobody answers with confidential results.
      [statementDigest(jws), author, body, body.results.filter(({ sealed }) => !sealed)],
      [answer.digest, answer.organisation, answer.body, resultsDigests(answer.results)],
    );
    return answer;
  });
}

function requireSame(what: string, asked: readonly unknown[], answered: readonly unknown[]): void {
  if (textOf(asked) !== textOf(answered)) {
    throw clientError('ANSWER_INVALID', `In the answer, ${what} is not what was asked for, or contradicts itself.`);
  }
}

/** The shape of an answer is not checked before: a part of it may be missing. */
function textOf(parts: readonly unknown[]): string {
  return canonicalJson(parts.map((part) => part ?? null));
}
