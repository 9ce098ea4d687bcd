import type { Page, TraceBatch, TraceEntry, TracesRecorded } from '@tracecal/chaincode/measurement';
import { canonicalJson, instantOf } from '@tracecal/chaincode/model';
import type { Instant } from '@tracecal/chaincode/model';
import { answerOf } from './answer.js';
import type { Ledger } from './ledger.js';
import type { Committed, Outcome } from './outcome.js';
import { itemsOf } from './pages.js';

/** A stretch of time, both ends of which belong to it; open where an end is not given. */
export interface Period {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** A site's measurement compartment. Made by `connectMeasurement`; every failure is a `TraceCalError`. */
export class Measurement {
  readonly channel: string;
  readonly #ledger: Ledger;
  readonly #close: () => void;

  constructor(ledger: Ledger, close: () => void) {
    this.channel = ledger.channel;
    this.#ledger = ledger;
    this.#close = close;
  }

  /**
   * Has the registry trace up to 500 devices, and records the verdicts; as the site's operator.
   *
   * @param asOf - The moment it is about, within the last 15 minutes; now if not given.
   */
  async recordTraces(devices: readonly string[], asOf?: Instant): Promise<Committed<TracesRecorded>> {
    const argument = canonicalJson({ devices, asOf: asOf ?? instantOf(Date.now()) });
    const committed = await this.#ledger.submit('recordTraces', { arguments: [argument] });
    return { ...committed, result: answerOf(committed.result) as TracesRecorded };
  }

  /** What became of a transaction: the way out of `OUTCOME_UNKNOWN`. */
  outcome(txId: string): Promise<Outcome> {
    return this.#ledger.outcome(txId);
  }

  /** A device's recorded verdicts, oldest first; fetched page by page as they are asked for. */
  getTraces(device: string, period: Period = {}): AsyncGenerator<TraceEntry, void, undefined> {
    return itemsOf((bookmark) => this.#ask<Page<TraceEntry>>('getTraces', { device, ...period, bookmark }));
  }

  /** What was recorded together, oldest first; fetched page by page as it is asked for. */
  listBatches(period: Period = {}): AsyncGenerator<TraceBatch, void, undefined> {
    return itemsOf((bookmark) => this.#ask<Page<TraceBatch>>('listBatches', { ...period, bookmark }));
  }

  /** Batches by their ids. @throws TraceCalError `NOT_FOUND` */
  getBatches(ids: readonly string[]): Promise<readonly TraceBatch[]> {
    return this.#ask('getBatches', { ids });
  }

  /** Ends the connection. */
  close(): void {
    this.#close();
  }

  async #ask<T>(transaction: string, question: object): Promise<T> {
    return answerOf(await this.#ledger.evaluate(transaction, canonicalJson(question))) as T;
  }
}
