import { canonicalJson } from '@tracecal/chaincode/model';
import type { Assessment, AssessmentRecorded, Conclusion, Page } from '@tracecal/chaincode/monitoring';
import { answerOf } from './answer.js';
import type { Ledger } from './ledger.js';
import type { Period } from './measurement.js';
import type { Committed, Outcome } from './outcome.js';
import { itemsOf } from './pages.js';

/** A site's monitoring compartment. Made by `connectMonitoring`; every failure is a `TraceCalError`. */
export class Monitoring {
  readonly channel: string;
  readonly #ledger: Ledger;
  readonly #close: () => void;

  constructor(ledger: Ledger, close: () => void) {
    this.channel = ledger.channel;
    this.#ledger = ledger;
    this.#close = close;
  }

  /** Records what the monitor concludes from batches of verdicts that are recorded in the site's measurement compartment. */
  async recordAssessment(conclusion: Conclusion, batches: readonly string[]): Promise<Committed<AssessmentRecorded>> {
    const argument = canonicalJson({ conclusion, batches });
    const committed = await this.#ledger.submit('recordAssessment', { arguments: [argument] });
    return { ...committed, result: answerOf(committed.result) as AssessmentRecorded };
  }

  /** What became of a transaction: the way out of `OUTCOME_UNKNOWN`. */
  outcome(txId: string): Promise<Outcome> {
    return this.#ledger.outcome(txId);
  }

  /** The monitor's assessments, oldest first; fetched page by page as they are asked for. */
  getAssessments(period: Period = {}): AsyncGenerator<Assessment, void, undefined> {
    return itemsOf(async (bookmark) => {
      const answer = await this.#ledger.evaluate('getAssessments', canonicalJson({ ...period, bookmark }));
      return answerOf(answer) as Page<Assessment>;
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#close();
  }
}
