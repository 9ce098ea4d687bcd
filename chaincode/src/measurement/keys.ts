import type { Instant } from '@tracecal/core/model';
import { key } from '@tracecal/core/registry';

/**
 * Every key of a measurement compartment's state. Of verdicts and roots each key is written once and no writer reads it, so
 * batches never conflict. Directives about one device follow one another.
 */
export const keys = {
  /** TraceBatch. */
  batch: (asOf: Instant, txId: string) => key('batch', asOf, txId),
  /** The first batch at this moment or later. */
  batchFrom: (asOf: Instant) => key('batch', asOf),
  batches: () => key('batch'),
  /** MeasurementsAnchor: a root may be written again. Text order is time order. */
  measurements: (root: string, size: number, time: Instant, txId: string) =>
    key('measurements', root, String(size), time, txId),
  measurementsFrom: (root: string, size: number, time: Instant) => key('measurements', root, String(size), time),
  measurementsOf: (root: string, size: number) => key('measurements', root, String(size)),
  /** DirectiveRecord, by the digest of what was signed. */
  directive: (digest: string) => key('directive', digest),
  /** The digest of the directive that a transaction gave. */
  given: (time: Instant, txId: string) => key('given', time, txId),
  givenFrom: (time: Instant) => key('given', time),
  allGiven: () => key('given'),
  /** The digest of a device's directive of this number. Text order is the order of numbers. */
  directed: (device: string, number: number) => key('directed', device, String(number).padStart(6, '0')),
  directedOf: (device: string) => key('directed', device),
  /** DirectiveHead. */
  directiveHead: (device: string) => key('directive-head', device),
  /** AnswerRecord. Those after the first have a number from 2 on: text order is their order. */
  answer: (directive: string, device: string, place: number) =>
    key('answer', directive, device, ...(place === 1 ? [] : [String(place).padStart(4, '0')])),
  answersTo: (directive: string) => key('answer', directive),
  /** RecordedTrace. */
  trace: (device: string, asOf: Instant, txId: string) => key('trace', device, asOf, txId),
  /** The first verdict about a device at this moment or later. */
  traceFrom: (device: string, asOf: Instant) => key('trace', device, asOf),
  traces: (device: string) => key('trace', device),
} as const;
