import type { Instant } from '@tracecal/core/model';

/** A value with its expanded uncertainty. */
export interface Stated {
  readonly value: number;
  readonly expanded: number;
  readonly coverageFactor: number;
}

/** A value that an instrument showed, as the monitor has it: its site sent it, or the monitor asked for it. */
export interface Observed {
  readonly device: string;
  readonly source: 'sent' | 'probed';
  readonly time: Instant;
  /** D-SI unit of all values. */
  readonly unit: string;
  readonly value: number;
  readonly uncertainty?: Omit<Stated, 'value'>;
  /** What it should have shown: by a check standard, or because the monitor set it. */
  readonly reference?: Stated & { readonly device?: string };
  /** SHA-256 of what shows it, in hexadecimal digits: the signed measurement, or the record of the probe. */
  readonly evidence: string;
}
