import type {
  Device,
  DeviceKind,
  Instant,
  OrganisationKind,
  Parent,
  Report,
  ReportPayload,
  RevocationReason,
  StandingAction,
  SubjectKind,
} from '../model/index.js';
import type { HeartbeatSeen, CheckName, Impediment, VerdictStatus } from '../trace/index.js';

export type { Page } from '../contract/page.js';

/** What the registry says to its callers: event names and the shapes of its answers. Imports nothing of Fabric. */

/** Names of the registry's chaincode events, one for each kind of transaction. API: they never change. */
export const EVENTS = {
  organisationProposed: 'OrganisationProposed',
  organisationCreated: 'OrganisationCreated',
  scopesGranted: 'ScopesGranted',
  scopesReduced: 'ScopesReduced',
  technicianCreated: 'TechnicianCreated',
  deviceRegistered: 'DeviceRegistered',
  reportCreated: 'ReportCreated',
  reportAmended: 'ReportAmended',
  revoked: 'Revoked',
  suspended: 'Suspended',
  reinstated: 'Reinstated',
  heartbeat: 'Heartbeat',
} as const;
export type EventName = (typeof EVENTS)[keyof typeof EVENTS];

/** Payload of every event, and the answer of the transaction that emitted it. */
export interface Announcement {
  readonly type: EventName;
  readonly id: string;
  /** What `id` is of, where the type leaves it open (revoked, suspended, reinstated). */
  readonly kind?: SubjectKind;
  /** The device of a report. */
  readonly device?: string;
  /** The report that an amendment supersedes. */
  readonly supersedes?: string;
  /** The number of a heartbeat. */
  readonly sequence?: number;
  /** The national institutes that have yet to admit a proposed one. */
  readonly awaiting?: readonly string[];
}

/** A report with what was signed in readable form. */
export interface ReportAnswer {
  readonly id: string;
  readonly device: string;
  readonly payload: ReportPayload;
  readonly report: Report;
}

/** A parent as the report names it; `report` is null for a certificate that is not registered here. */
export interface ParentAnswer {
  readonly parent: Parent;
  readonly report: ReportAnswer | null;
}

/** A report in a list. */
export interface ReportSummary {
  readonly id: string;
  readonly digest: string;
  readonly organisation: string;
  readonly technician: string;
  readonly performed: ReportPayload['performed'];
  readonly issued: ReportPayload['issued'];
  readonly parents: readonly Parent[];
  readonly supersededBy: string | null;
  readonly statements: Report['statements'];
  /** Whether it is the one that a trace of the device starts from now. */
  readonly current: boolean;
}

export type DeviceSummary = Pick<Device, 'id' | 'kind' | 'serial' | 'model' | 'manufacturer' | 'owner'>;

/** A device that rests on something. */
export interface AffectedDevice {
  readonly device: string;
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly owner: string;
  /** Its reports that rest on it, sorted. */
  readonly reports: readonly string[];
  /** Whether the report that a trace of the device starts from now is among them. */
  readonly current: boolean;
}

export interface Change {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly what: 'registered' | 'scopes-granted' | 'scopes-reduced' | 'amended' | StandingAction;
  /** The amending report. */
  readonly amendedBy?: string;
  readonly by?: string;
  readonly reason?: RevocationReason;
  readonly effective?: Instant;
}

/** What one transaction changed. */
export interface HistoryEntry {
  readonly txId: string;
  readonly time: Instant;
  readonly changes: readonly Change[];
}

/** An organisation, for those who only need to know what it is. */
export interface OrganisationSummary {
  readonly id: string;
  readonly kind: OrganisationKind;
  /** Whether it is revoked or suspended now. */
  readonly impediment: Impediment | null;
}

/** A verdict for those who keep verdicts and not evidence: what it is, what decided it, what it rests on. */
export interface TraceSummary {
  readonly device: string;
  readonly status: VerdictStatus;
  /** The check that made it other than `TRACEABLE`; null if none did. */
  readonly check: CheckName | null;
  /** The report that the trace starts from. */
  readonly report: string | null;
  /** Places, in the list of digests, of every report that the trace came by, in its order. */
  readonly reports: readonly number[];
}

/** Most devices that are traced in one question, or whose verdicts are recorded in one transaction. */
export const MAX_DEVICES = 500;

/** Verdicts about many devices at one moment, over the same records. */
export interface TraceSummaries {
  readonly registry: string;
  readonly asOf: Instant;
  /** The newest heartbeat of every NMI at a root. */
  readonly heartbeats: readonly HeartbeatSeen[];
  /** Digests of all reports that the traces came by; devices share most of them. */
  readonly digests: readonly string[];
  /** In the order of the question. */
  readonly results: readonly TraceSummary[];
}
