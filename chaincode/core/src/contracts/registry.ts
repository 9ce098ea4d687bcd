import type {
  AccreditationLine,
  CalendarDate,
  DeviceKind,
  DeviceRecord,
  Entry,
  Epoch,
  EpochDigest,
  Imprint,
  Instant,
  JudgedResults,
  Membership,
  OrganisationKind,
  OrganisationRecord,
  OwnerEntry,
  Parent,
  PersonRecord,
  PersonRole,
  Registered,
  RegistryPolicy,
  RegistryRecord,
  ReportBody,
  ReportRecord,
  Requirements,
  Result,
  StatementKind,
  SubjectKind,
} from '../model/index.js';
import type {
  CheckName,
  CurrentReport,
  Evidence,
  HeartbeatSeen,
  Impediment,
  RecordDigest,
  VerdictStatus,
} from '../trace/index.js';

/** The answers of the registry: event names and shapes. Imports nothing of Fabric. */

/** The transaction that accepts statements of any type except a founding. Relays use it. */
export const SUBMIT_STATEMENTS = 'submitStatements';

/** Names of the registry's chaincode events, by what was registered. API: they never change. */
export const EVENTS = {
  founded: 'Founded',
  instituteAdmitted: 'InstituteAdmitted',
  policySet: 'PolicySet',
  organisationCreated: 'OrganisationCreated',
  accredited: 'Accredited',
  accreditationReduced: 'AccreditationReduced',
  technicianCreated: 'TechnicianCreated',
  deviceRegistered: 'DeviceRegistered',
  deviceTransferred: 'DeviceTransferred',
  intervalSet: 'IntervalSet',
  requirementsSet: 'RequirementsSet',
  reportCreated: 'ReportCreated',
  reportAmended: 'ReportAmended',
  reportAccepted: 'ReportAccepted',
  reportRejected: 'ReportRejected',
  consented: 'Consented',
  reviewed: 'Reviewed',
  confirmed: 'Confirmed',
  vouched: 'Vouched',
  revoked: 'Revoked',
  suspended: 'Suspended',
  reinstated: 'Reinstated',
  sealed: 'Sealed',
  heartbeat: 'Heartbeat',
  anchored: 'Anchored',
  /** A transaction with items of several types: each item states its own type. */
  statementsSubmitted: 'StatementsSubmitted',
} as const;
export type EventName = (typeof EVENTS)[keyof typeof EVENTS];

/** Payload of every event, and the answer of the transaction that emitted it. */
export interface Announcement {
  /** What was registered, if all items are of one type. */
  readonly type: EventName;
  /** The epoch that it entered. */
  readonly epoch: number;
  /** In the order of the submission. */
  readonly items: readonly AnnouncedItem[];
  /** Of an anchor. */
  readonly root?: string;
}

/** A statement that was registered. */
export interface AnnouncedItem {
  readonly type: EventName;
  /** Its subject. */
  readonly kind: SubjectKind;
  readonly id: string;
  readonly author: string;
  readonly number: number;
  /** SHA-256 of what was signed, hex. */
  readonly digest: string;
  /** The device of a report. */
  readonly device?: string;
  /** The report that an amendment supersedes, or that a decision is about. */
  readonly report?: string;
  /** Of a report: whether its owner's acceptance came with it, or a standing consent covers it. */
  readonly accepted?: boolean;
}

// --- Answers ------------------------------------------------------------------------------------------------------

/** The founders of the registry, its present institutes, and its policy. */
export interface RegistryAnswer {
  /** What every statement after the founding is signed for: the channel and the digest of the founding. */
  readonly registry: string;
  /** SHA-256 of the founding statement, hex. */
  readonly founding: string;
  readonly policy: RegistryPolicy;
  /** Founded or admitted institutes, in order, with their impediments. */
  readonly institutes: readonly {
    readonly id: string;
    readonly certificateSha256: string;
    readonly impediments: readonly Impediment[];
  }[];
  readonly record: RegistryRecord;
}

/** A line of an accreditation, with the accreditation's data. */
export interface AccreditationLineAnswer {
  readonly scope: AccreditationLine;
  readonly by: string;
  readonly body: string | null;
  readonly number: string | null;
  readonly registered: Registered;
}

/** What an owner requires, since when. */
export interface RequirementsAnswer {
  readonly number: number;
  readonly from: Instant;
  readonly body: Requirements;
}

export interface OrganisationAnswer extends Membership {
  readonly id: string;
  readonly impediments: readonly Impediment[];
  /** What it requires of its devices now; null: it has said nothing. */
  readonly requirements: RequirementsAnswer | null;
  /** Its accreditation, each line until its last day after reductions. */
  readonly lines: readonly AccreditationLineAnswer[];
  readonly record: OrganisationRecord;
}

export interface PersonAnswer {
  readonly id: string;
  readonly organisation: string;
  readonly role: PersonRole;
  readonly quantities: readonly string[];
  readonly impediments: readonly Impediment[];
  readonly record: PersonRecord;
}

export interface DeviceAnswer extends Omit<Imprint, 'owner' | 'intervalDays'> {
  readonly id: string;
  /** The organisation that registered it. */
  readonly organisation: string;
  /** The owner now, and the interval of the device itself; null: what its owner requires decides. */
  readonly owner: string;
  readonly intervalDays: number | null;
  /** What its owner requires of all devices now; null: nothing. */
  readonly requirements: Requirements | null;
  /** The reports that a trace starts from now. */
  readonly current: readonly CurrentReport[];
  readonly impediments: readonly Impediment[];
  readonly record: DeviceRecord;
}

/** A report with what was signed in readable form. */
export interface ReportAnswer {
  readonly id: string;
  /** SHA-256 of what was signed, hex. */
  readonly digest: string;
  readonly organisation: string;
  readonly body: ReportBody;
  readonly results: readonly Result[];
  /** Acceptances that have left the record of its device: newer ones took their place there. */
  readonly settled: readonly OwnerEntry[];
  readonly record: ReportRecord;
}

/** A parent as the report names it; `report` is null for a certificate that is not registered here. */
export interface ParentAnswer {
  readonly parent: Parent;
  readonly report: Omit<ReportAnswer, 'results' | 'settled'> | null;
}

/** A report in a list. */
export interface ReportSummary {
  readonly id: string;
  readonly digest: string;
  readonly organisation: string;
  readonly technician: string;
  readonly performed: ReportBody['performed'];
  readonly issued: ReportBody['issued'];
  readonly parents: readonly Parent[];
  readonly quantities: readonly string[];
  readonly registered: Instant;
  readonly supersededBy: string | null;
  readonly impediments: readonly Impediment[];
  /** Whether the owner accepted or rejected it last; null if the owner did neither. */
  readonly accepted: boolean | null;
  /** Whether a trace of the device starts from it now, for some kind of quantity. */
  readonly current: boolean;
}

export type DeviceSummary = Pick<Imprint, 'kind' | 'serial' | 'model' | 'manufacturer' | 'owner'> & {
  readonly id: string;
  /** It is registered under a pseudonym, by the organisation that its id begins with. */
  readonly pseudonymous?: true;
};

/** Kinds of things that are listed. */
export type ListedKind = Exclude<SubjectKind, 'registry'>;

/** For each subject in a list: whether it is revoked or suspended now. */
interface Standing {
  readonly impediment: Impediment | null;
}

export type ListedOrganisation = Pick<Membership, 'kind' | 'name' | 'country' | 'certifier'> &
  Standing & {
    readonly id: string;
    /** It is registered under a pseudonym, by its certifier. */
    readonly pseudonymous?: true;
  };

export type ListedPerson = Pick<PersonAnswer, 'id' | 'organisation' | 'role' | 'quantities'> & Standing;

/** A device, with the organisation that registered it. */
export type ListedDevice = DeviceSummary & Standing & { readonly organisation: string };

export type ListedReport = Pick<
  ReportSummary,
  'id' | 'organisation' | 'technician' | 'performed' | 'issued' | 'quantities' | 'supersededBy'
> &
  Standing & { readonly device: string };

export type Listed = ListedOrganisation | ListedPerson | ListedDevice | ListedReport;

/** A device that depends on the requested subject. */
export interface AffectedDevice {
  readonly device: string;
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly owner: string;
  /** It is registered under a pseudonym, by the organisation that its id begins with. */
  readonly pseudonymous?: true;
  /** Its accepted reports that depend on the subject, sorted. */
  readonly reports: readonly string[];
  /** Whether a report that a trace of the device starts from now is among them. */
  readonly current: boolean;
}

/** What a report, or an acceptance of one, states about the calibration. */
export interface ChangedCalibration {
  /** Of a report: the device that it is about. */
  readonly device?: string;
  /** The last day of the work. */
  readonly performed: CalendarDate;
  readonly quantities: readonly string[];
  /** Kinds of quantity of which the device was found out of its limits. */
  readonly foundOutOfLimits?: readonly string[];
  readonly adjusted?: true;
  /** The report that it amends. */
  readonly supersedes?: string;
}

/** A statement in a subject's record. */
export interface Change {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly what: StatementKind;
  readonly by: string;
  readonly number: number;
  /** The report that amends it, or that an owner's decision is about. */
  readonly report?: string;
  /** Of a registration that is not the first one of its subject: what it brought. */
  readonly renewed?: 'key' | 'certificate' | 'terms';
  /** Of a transfer: the new owner. */
  readonly owner?: string;
  readonly calibration?: ChangedCalibration;
  /** For an amendment: the differences from the amended report, like `results of mass`. */
  readonly amended?: readonly string[];
  /** For a confirmation: whether the original is equal; false withdraws the confirmation. */
  readonly equal?: boolean;
  /** For a vouching: how sound it finds results, by their kinds of quantity. */
  readonly judged?: Readonly<Record<string, JudgedResults['outcome']>>;
  /** Reports that a laboratory has reviewed. */
  readonly reviewed?: readonly string[];
  /** Of a revocation or a suspension; of a review in the laboratory's words. */
  readonly reason?: string;
  readonly effective?: Instant;
}

/** What one transaction changed. */
export interface HistoryEntry {
  readonly txId: string;
  readonly time: Instant;
  readonly epoch: number;
  readonly changes: readonly Change[];
}

/** An epoch: `seal` is null while it is open. */
export interface EpochAnswer {
  readonly number: number;
  readonly opened: Instant;
  readonly seal: Entry | null;
}

export type EpochDigestAnswer = EpochDigest;

/** The records that a trace reads, as they were in an open epoch. */
export interface EvidenceAnswer {
  readonly epoch: Epoch;
  readonly evidence: Evidence;
}

/** The records that show the newest heartbeats of all institutes, as they were in an open epoch. */
export type HeadAnswer = EvidenceAnswer;

/** The most characters of the word that an asker may have endorsed with an answer. */
export const MAX_NONCE = 128;

/** What peers endorse about a question: what they found, by its digests. Whoever has the records can compare them. */
export interface ProvedTrace {
  readonly type: 'tracecal-answer/1';
  /** The open epoch. */
  readonly epoch: Epoch;
  readonly status: VerdictStatus;
  /** SHA-256, in hex, of the verdict's canonical JSON: of one that names no roots and asks for no age. */
  readonly verdict: string;
  /** Of every record that the trace reads, in the order of the evidence. */
  readonly records: readonly RecordDigest[];
}

/** The kind of key under which the root of proofs stands in the registry's state: with the root, a composite key of Fabric. */
export const PROOFS_KEY = 'proofs';

/** The kinds of keys under which devices have places in buckets, and under which they are counted. */
export const PLACE_KEYS = { place: 'place', count: 'places' } as const;

/** The answer of the transaction that anchors proofs. */
export interface ProofsAnchored {
  readonly root: string;
}

/** An organisation, for callers that only need its kind and standing. */
export interface OrganisationSummary {
  readonly id: string;
  readonly kind: OrganisationKind;
  /** Whether it is revoked or suspended now. */
  readonly impediment: Impediment | null;
}

/**
 * A verdict without evidence, for callers that store verdicts: its status, the deciding check, and the reports that it
 * depends on.
 */
export interface TraceSummary {
  readonly device: string;
  readonly status: VerdictStatus;
  /** The check that prevented `TRACEABLE`; null if none did. */
  readonly check: CheckName | null;
  /** Whether it may be relied on by its owner's policy: see `Fulfilment`. */
  readonly fulfilled: boolean;
  /** The report that the trace starts from. */
  readonly report: string | null;
  /** Indexes, in the list of digests, of every report in the trace, in its order. */
  readonly reports: readonly number[];
}

/** Most devices that are traced in one question, or whose verdicts are recorded in one transaction. */
export const MAX_DEVICES = 500;

/** Verdicts about many devices at one moment, over the same records. */
export interface TraceSummaries {
  readonly registry: string;
  readonly asOf: Instant;
  /** The newest heartbeat of every institute at a root. */
  readonly heartbeats: readonly HeartbeatSeen[];
  /** Digests of all reports that the traces came by; devices share most of them. */
  readonly digests: readonly string[];
  /** In the order of the question. */
  readonly results: readonly TraceSummary[];
}
