import type {
  AnswerRecord,
  DirectiveAnswered,
  DirectiveGiven,
  DirectiveHead,
  DirectiveRecord,
  MeasurementsAnchor,
  MeasurementsAnchored,
  TraceBatch,
  TraceEntry,
  TracesRecorded,
} from '@tracecal/core/contracts';
import type { DirectiveEnvelope } from '@tracecal/core/directives';
import { instantOf } from '@tracecal/core/model';
import type { Instant, Jws } from '@tracecal/core/model';
import { idsShape, periodShape, requireOptions, requireShape } from './arguments.js';
import { ContractClient } from './contractClient.js';
import type { BeforeSending } from './ledger.js';
import type { Committed } from './outcome.js';

/** A period that includes both its ends; open at an end that is not given. */
export interface Period {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** A site's measurement compartment. Made by `connectMeasurement`; every failure is a `TraceCalError`. */
export class Measurement extends ContractClient {
  get channel(): string {
    return this.ledger.channel;
  }

  /**
   * Has the registry trace up to 500 devices, and records the verdicts; as the site's operator.
   *
   * @param asOf - The moment in question, within the last 15 minutes; now if not given.
   */
  async recordTraces(devices: readonly string[], asOf?: Instant): Promise<Committed<TracesRecorded>> {
    requireShape(idsShape, 'list of devices', devices);
    return this.submit('recordTraces', { devices, asOf: asOf ?? instantOf(Date.now()) });
  }

  /**
   * Anchors the Merkle root of a batch of measurements: one transaction for up to 100,000 of them. The ledger learns no value.
   *
   * @param beforeSending - Told of the transaction's id before it is sent.
   */
  anchorMeasurements(
    root: string,
    size: number,
    beforeSending?: BeforeSending,
  ): Promise<Committed<MeasurementsAnchored>> {
    return this.submit('anchorMeasurements', { root, size }, beforeSending);
  }

  /**
   * When the root of so many measurements was anchored, the oldest first; pages are fetched on demand. A root may be written
   * again, and stays found.
   *
   * @throws TraceCalError `NOT_FOUND` if it was never anchored, where no period is asked about
   */
  async *getMeasurementsAnchors(
    root: string,
    size: number,
    period: Period = {},
  ): AsyncGenerator<MeasurementsAnchor, void, undefined> {
    requireOptions(periodShape, 'period', period);
    yield* this.pages('getMeasurementsAnchors', { root, size, ...period });
  }

  /** Gives a directive that an officer of the site's operator has signed; as the operator. */
  giveDirective(directive: DirectiveEnvelope): Promise<Committed<DirectiveGiven>> {
    return this.submit('giveDirective', directive);
  }

  /** Answers a directive for one device, as the device or a gateway of the operator has signed it; as the operator. */
  answerDirective(answer: Jws): Promise<Committed<DirectiveAnswered>> {
    return this.submit('answerDirective', answer);
  }

  /** The directives that were given in a period, oldest first; pages are fetched on demand. Nothing here has been verified. */
  async *listDirectives(period: Period = {}): AsyncGenerator<DirectiveRecord, void, undefined> {
    requireOptions(periodShape, 'period', period);
    yield* this.pages('listDirectives', period);
  }

  /** The numbered directives about a device, in order; pages are fetched on demand. Overrides have no number. */
  async *getDirectives(device: string): AsyncGenerator<DirectiveRecord, void, undefined> {
    yield* this.pages('getDirectives', { device });
  }

  /** The newest directive about each of up to 100 devices; null for a device without any. */
  async getDirectiveHeads(devices: readonly string[]): Promise<readonly (DirectiveHead | null)[]> {
    requireShape(idsShape, 'list of devices', devices);
    return this.ask('getDirectiveHeads', { devices });
  }

  /** The answers to a directive, by device; pages are fetched on demand. */
  async *getAnswers(directive: string): AsyncGenerator<AnswerRecord, void, undefined> {
    yield* this.pages('getAnswers', { directive });
  }

  /** A device's recorded verdicts, oldest first; pages are fetched on demand. */
  async *getTraces(device: string, period: Period = {}): AsyncGenerator<TraceEntry, void, undefined> {
    requireOptions(periodShape, 'period', period);
    yield* this.pages('getTraces', { device, ...period });
  }

  /** The recorded batches, oldest first; pages are fetched on demand. */
  async *listBatches(period: Period = {}): AsyncGenerator<TraceBatch, void, undefined> {
    requireOptions(periodShape, 'period', period);
    yield* this.pages('listBatches', period);
  }

  /** Batches by their ids, up to 200. @throws TraceCalError `NOT_FOUND` */
  async getBatches(ids: readonly string[]): Promise<readonly TraceBatch[]> {
    requireShape(idsShape, 'list of batches', ids);
    return this.ask('getBatches', { ids });
  }
}
