import type { VerdictStatus } from '@tracecal/core/trace';
import type { Instant } from '@tracecal/core/model';
import type { Instrument, Observed } from '../../model/index.js';

/** A span of time: `from` belongs to it, `to` does not. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** The verdict about a device that holds from a time on, until the next one. */
export interface VerdictFrom {
  readonly from: Instant;
  readonly status: VerdictStatus;
  /** Steps from the device to the farthest institute that it traces to. */
  readonly levels?: number;
  /** SHA-256 of the recorded verdict, in hexadecimal digits. */
  readonly evidence?: string;
}

/** What a report about one instrument is made from. */
export interface InstrumentInput {
  readonly instrument: Instrument;
  /** All values since the base: the first ones may be from before the period. In any order. */
  readonly observed: readonly Observed[];
  /** Changes of its verdict, in any order; empty: nobody traced it. */
  readonly verdicts: readonly VerdictFrom[];
}

export interface ReportOptions {
  readonly period: Period;
  /** How many of the first compared values are the base: 20 by default. */
  readonly base?: number;
  /** Chance of a false finding of drift, scatter or disagreement: 0.001 by default. */
  readonly chance?: number;
  /** A calibration is due soon so many days before its date: 30 by default. */
  readonly dueSoonDays?: number;
}
