import type { Assessment, AssessmentRecorded, Conclusion } from '@tracecal/core/contracts';
import { idsShape, periodShape, requireOptions, requireShape } from './arguments.js';
import { ContractClient } from './contractClient.js';
import type { Period } from './measurement.js';
import type { Committed } from './outcome.js';

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
}
