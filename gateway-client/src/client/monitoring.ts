import { findingId } from '@tracecal/core/contracts';
import type {
  Assessment,
  AssessmentRecorded,
  Conclusion,
  Finding,
  FindingsRecorded,
  RecordedFinding,
  Subject,
} from '@tracecal/core/contracts';
import { findingsShape, idsShape, periodShape, requireOptions, requireShape } from './arguments.js';
import { ContractClient } from './contractClient.js';
import { inputOf } from './input.js';
import type { BeforeSending } from './ledger.js';
import type { Period } from './measurement.js';
import type { Committed } from './outcome.js';

/** Which findings to answer with: those that were recorded in a period, about one subject; all where neither is given. */
export interface FindingsQuestion extends Period {
  readonly subject?: Subject;
}

/** A site's monitoring compartment. Made by `connectMonitoring`; every failure is a `TraceCalError`. */
export class Monitoring extends ContractClient {
  get channel(): string {
    return this.ledger.channel;
  }

  /** Records the monitor's conclusion from up to 200 batches of verdicts in the site's measurement compartment. */
  async recordAssessment(conclusion: Conclusion, batches: readonly string[]): Promise<Committed<AssessmentRecorded>> {
    requireShape(idsShape, 'list of batches', batches);
    return this.submit('recordAssessment', { conclusion, batches });
  }

  /** The monitor's assessments, oldest first; pages are fetched on demand. */
  async *getAssessments(period: Period = {}): AsyncGenerator<Assessment, void, undefined> {
    requireOptions(periodShape, 'period', period);
    yield* this.pages('getAssessments', period);
  }

  /**
   * Records up to 50 of the monitor's findings, each under the digest of its content; as the site's monitor. A finding that is recorded already
   * stays as it is, and is no error: after any interruption, send it again.
   *
   * @param beforeSending - Told of the transaction's id before it is sent.
   */
  async recordFindings(
    findings: readonly Finding[],
    beforeSending?: BeforeSending,
  ): Promise<Committed<FindingsRecorded>> {
    const identified = inputOf(() => findings.map((finding) => ({ ...finding, id: findingId(finding) })));
    return this.submit('recordFindings', { findings: identified }, beforeSending);
  }

  /** The monitor's findings, in the order in which they were recorded; pages are fetched on demand. */
  async *getFindings(question: FindingsQuestion = {}): AsyncGenerator<RecordedFinding, void, undefined> {
    requireOptions(findingsShape, 'question', question);
    yield* this.pages('getFindings', question);
  }

  /** A finding by its id. @throws TraceCalError `NOT_FOUND` */
  getFinding(id: string): Promise<RecordedFinding> {
    return this.ask('getFinding', { id });
  }
}
