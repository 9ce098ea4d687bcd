import type { Instant } from '@tracecal/core/model';
import type { Finding, Instrument, Observed } from '../model/index.js';

/** How an instrument is. */
export interface InstrumentHealth {
  /** Of all that the monitor has of it. */
  readonly observations: number;
  readonly last?: Instant;
  /** The share of the largest error that was used. */
  readonly used?: number;
  readonly findings: readonly { readonly name: string; readonly says: string }[];
}

/** Only what is behind a key, and at most so much. */
export interface PageOf {
  readonly after?: string;
  readonly limit: number;
}

/** A finding as it is kept. */
export interface HeldFinding {
  /**
   * Sorts by time, and differs for each finding of an operator. Users see it as the end of a page: make it of the time and a number of the
   * operator's own, since a count over all, or a digest of devices outside of a slice, would say something about others.
   */
  readonly key: string;
  /**
   * From whose data alone it was concluded. One that rests on data of several operators has none, and is shown to no user: its mere
   * existence would say something about the others.
   */
  readonly operator?: string;
  readonly finding: Finding;
}

/** All that the monitor has, of everybody. Only {@link SlicedData} may ask it: what users get passes there. */
export interface WholeData {
  instrument(device: string): Promise<Instrument | undefined>;
  /** By device id, ascending, of one operator. */
  instruments(operator: string, after?: string): AsyncIterable<Instrument>;
  /** Each with a key that sorts by time. */
  measurements(device: string, page: PageOf): AsyncIterable<{ readonly key: string; readonly observed: Observed }>;
  /** In the order of their keys, of one operator. */
  findings(operator: string, after?: string): AsyncIterable<HeldFinding>;
  health(device: string): Promise<InstrumentHealth>;
  /** Asks the instrument. */
  probe(device: string, output?: number): Promise<Observed>;
}
