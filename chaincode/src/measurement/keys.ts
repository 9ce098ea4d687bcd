import type { Instant } from '@tracecal/core/model';
import { key } from '@tracecal/core/registry';

/**
 * Every key of a measurement compartment's state. Each key is written once and no writer reads it, so batches never
 * conflict.
 */
export const keys = {
  /** TraceBatch. */
  batch: (asOf: Instant, txId: string) => key('batch', asOf, txId),
  /** The first batch at this moment or later. */
  batchFrom: (asOf: Instant) => key('batch', asOf),
  batches: () => key('batch'),
  /** MeasurementsAnchor: a root may be written more than once. */
  measurements: (root: string, txId: string) => key('measurements', root, txId),
  measurementsOf: (root: string) => key('measurements', root),
  /** RecordedTrace. */
  trace: (device: string, asOf: Instant, txId: string) => key('trace', device, asOf, txId),
  /** The first verdict about a device at this moment or later. */
  traceFrom: (device: string, asOf: Instant) => key('trace', device, asOf),
  traces: (device: string) => key('trace', device),
} as const;
