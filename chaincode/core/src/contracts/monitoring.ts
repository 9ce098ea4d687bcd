import type { IdentifiedFinding } from './finding.js';
import type { Stamp } from './stamp.js';
import type { TraceBatch, VerdictCounts } from './measurement.js';

/** The answers of a monitoring compartment. Imports nothing of Fabric. */

/** Names of the monitoring contract's chaincode events. API: they never change. */
export const MONITORING_EVENTS = {
  assessmentRecorded: 'AssessmentRecorded',
  findingsRecorded: 'FindingsRecorded',
} as const;

/** A monitor's conclusion: the site measures with traceable devices, it does not, or the verdicts do not show it. */
export const CONCLUSIONS = ['CONFORMING', 'NONCONFORMING', 'INCONCLUSIVE'] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** A batch of verdicts as the monitor found it recorded. */
export type AssessedBatch = Pick<TraceBatch, 'id' | 'digest' | 'counts'>;

/** A monitor's conclusion about a site, with digests of its basis. */
export interface Assessment {
  /** `<time>/<transaction id>`: text order is time order. */
  readonly id: string;
  /** Channel of the site's measurement compartment. */
  readonly measurement: string;
  readonly conclusion: Conclusion;
  readonly batches: readonly AssessedBatch[];
  /** Over all batches. */
  readonly counts: VerdictCounts;
  /** MSP of the monitor. */
  readonly by: string;
  readonly recorded: Stamp;
}

/** Payload of the event, and the answer of the transaction that emitted it. */
export interface AssessmentRecorded {
  readonly type: typeof MONITORING_EVENTS.assessmentRecorded;
  readonly id: string;
  readonly conclusion: Conclusion;
}

/** A finding as it was recorded first. */
export interface RecordedFinding extends IdentifiedFinding {
  /** MSP of the monitor. */
  readonly by: string;
  readonly recorded: Stamp;
}

/** Payload of the event, and the answer of the transaction that emitted it. */
export interface FindingsRecorded {
  readonly type: typeof MONITORING_EVENTS.findingsRecorded;
  /** The ids of those that are new. */
  readonly ids: readonly string[];
  /** The ids of those that were recorded before: nothing changed for them. */
  readonly known: readonly string[];
}
