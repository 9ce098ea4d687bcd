import type { AnswerOutcome, DirectiveEnvelope, DirectiveKind } from '../directives/index.js';
import type { Instant, Jws } from '../model/index.js';
import type { CheckName, HeartbeatSeen, VerdictStatus } from '../trace/index.js';
import type { Stamp } from './stamp.js';

/** The answers of a measurement compartment. Imports nothing of Fabric. */

/** Names of the measurement contract's chaincode events. API: they never change. */
export const MEASUREMENT_EVENTS = {
  tracesRecorded: 'TracesRecorded',
  measurementsAnchored: 'MeasurementsAnchored',
  directiveGiven: 'DirectiveGiven',
  directiveAnswered: 'DirectiveAnswered',
} as const;

/** Most batches that are asked about, or assessed, at once. */
export const MAX_BATCHES = 200;

/** Most measurements of a batch. */
export const MAX_MEASUREMENTS = 100_000;

/** Where the Merkle root of a batch of measurements was written. */
export interface MeasurementsAnchor {
  readonly root: string;
  readonly size: number;
  /** MSP of the organisation that wrote it. */
  readonly by: string;
  readonly recorded: Stamp;
}

/** Payload of the event, and the answer of the transaction that emitted it. */
export interface MeasurementsAnchored {
  readonly type: typeof MEASUREMENT_EVENTS.measurementsAnchored;
  readonly root: string;
  readonly size: number;
  readonly txId: string;
}

/** How many verdicts there are of each status. */
export type VerdictCounts = Readonly<Record<VerdictStatus, number>>;

/** Verdicts that were found and recorded together: one transaction. */
export interface TraceBatch {
  /** `<asOf>/<transaction id>`: text order is time order. */
  readonly id: string;
  /** The registry that was asked. */
  readonly registry: string;
  readonly asOf: Instant;
  /** MSP of the organisation that recorded it. */
  readonly by: string;
  readonly recorded: Stamp;
  /** How fresh the registry's records were. */
  readonly heartbeats: readonly HeartbeatSeen[];
  readonly counts: VerdictCounts;
  /** SHA-256 of the canonical JSON of its verdicts, hex: a reference to it covers all of them. */
  readonly digest: string;
}

/** A verdict as it was found, with digests of its basis. It contains no measured value. */
export interface RecordedTrace {
  readonly device: string;
  readonly status: VerdictStatus;
  /** The check that prevented `TRACEABLE`; null if none did. */
  readonly check: CheckName | null;
  /** Whether it could be relied on by its owner's policy. */
  readonly fulfilled: boolean;
  /** The report that the trace started from. */
  readonly report: string | null;
  /** SHA-256 of every report in the trace, hex, in its order. */
  readonly digests: readonly string[];
}

/** A recorded verdict, and when it was found. */
export interface TraceEntry extends RecordedTrace {
  readonly asOf: Instant;
  /** Id of its batch. */
  readonly batch: string;
}

/** Payload of the event, and the answer of the transaction that emitted it. */
export interface TracesRecorded {
  readonly type: typeof MEASUREMENT_EVENTS.tracesRecorded;
  /** The batch. */
  readonly id: string;
  readonly counts: VerdictCounts;
  readonly digest: string;
}

// --- Directives ---------------------------------------------------------------------------------------------------

/** A directive as it was given, with what was signed. */
export interface DirectiveRecord extends DirectiveEnvelope {
  /** SHA-256 of its signed bytes, hex. */
  readonly digest: string;
  /** MSP of the organisation that submitted it. */
  readonly by: string;
  readonly recorded: Stamp;
}

/** The newest directive about a device: the next one has the next number, and no earlier date. */
export interface DirectiveHead {
  readonly device: string;
  readonly number: number;
  readonly digest: string;
  readonly date: Instant;
  /** The number of its last release; absent: there was none. */
  readonly released?: number;
}

/** What a device or its gateway answered. */
export interface AnswerRecord {
  readonly answer: Jws;
  readonly digest: string;
  readonly by: string;
  readonly recorded: Stamp;
}

/** Payload of the event, and the answer of the transaction that emitted it. */
export interface DirectiveGiven {
  readonly type: typeof MEASUREMENT_EVENTS.directiveGiven;
  readonly digest: string;
  readonly kind: DirectiveKind;
  readonly devices: readonly string[];
}

/** Payload of the event, and the answer of the transaction that emitted it. */
export interface DirectiveAnswered {
  readonly type: typeof MEASUREMENT_EVENTS.directiveAnswered;
  readonly directive: string;
  readonly device: string;
  readonly outcome: AnswerOutcome;
}
