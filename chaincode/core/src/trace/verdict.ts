import type { CalendarDate, Instant, StatedCertificate } from '../model/index.js';
import type { AskedAt } from './at/askedAt.js';
import type { ConformityStatus } from './conformity.js';

/** The names of all checks. They are part of the API: clients and proof bundles contain them. */
export const CHECK_NAMES = [
  'registered',
  'payload',
  'identity',
  'digest',
  'amendment',
  'acceptance',
  'signatories',
  'technician-signature',
  'technician-certified',
  'technician-authorised',
  'organisation-certified',
  'issuer',
  'device-certified',
  'parent-signature',
  'parent-standard',
  'standing',
  'chronology',
  'as-found',
  'transcription',
  'interval',
  'self-calibration',
  'trusted-root',
  'scope',
  'quantity',
  'results',
  'support',
  'vouching',
  'conformity',
  'denial',
  'paper-certificate',
  'parent-registered',
  'freshness',
  'limits',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * - `TRACEABLE`: every edge holds up to roots of national institutes.
 * - `ATTESTED`: sound, but an edge rests on somebody's word: a transcriber's, an accreditation's, or that of the signer of a date.
 * - `INCOMPLETE`: nothing is wrong with what is there, but something is missing: a parent, an acceptance, an uncertainty.
 * - `FAILED`: an edge does not hold.
 */
export const VERDICT_STATUSES = ['TRACEABLE', 'ATTESTED', 'INCOMPLETE', 'FAILED'] as const;
export type VerdictStatus = (typeof VERDICT_STATUSES)[number];

export type FindingOutcome = 'note' | 'attested' | 'missing' | 'failed';

/** A check's remark about an edge. A check that passes makes no remark. */
export interface Finding {
  readonly check: CheckName;
  readonly outcome: FindingOutcome;
  /** One sentence. */
  readonly reason: string;
  /** The kind of quantity that it is about; absent: all for which the report is relied on. */
  readonly quantity?: string;
  /**
   * `accreditation`: an accreditation replaces the chain. `sealed`: the report is a transcription, and the seal of its certificate was
   * verified. `vouched`: the results are confidential, and organisations that have read them vouch for them.
   */
  readonly basis?: 'accreditation' | 'sealed' | 'vouched';
}

/** A step of the trace: from the report that depends on it (`child`, or the device itself at level 1) to a report. */
export interface Edge {
  /** 1 for the traced device's current reports, 2 for their parents, and so on. */
  readonly level: number;
  /** The report that cites this one; null at level 1. */
  readonly child: string | null;
  /** The report as cited; null for a certificate on paper and for a device without a report. */
  readonly report: string | null;
  /** SHA-256 of the signed report that counts, hex; null if `report` is null. */
  readonly digest: string | null;
  /** The report that amends it, if it was amended: the trace goes on from there. */
  readonly amendedBy: string | null;
  readonly device: string | null;
  readonly organisation: string | null;
  readonly technician: string | null;
  /** The certificate from which it was imported; absent: it was made here. */
  readonly certificate?: StatedCertificate;
  readonly performed: CalendarDate | null;
  /** When the ledger first held it. */
  readonly registered: Instant | null;
  /** Its ranges and uncertainties for the kinds for which it is relied on. */
  readonly gives: readonly Given[];
  readonly outcome: 'sound' | 'attested' | 'missing' | 'failed';
  readonly findings: readonly Finding[];
  /**
   * What each check compared, also for checks that passed: `support: ...`. Present only if the question requests it
   * (`explain`).
   */
  readonly compared?: readonly string[];
}

/** An institute whose word the verdict depends on, with the fingerprint of its certificate. */
export interface Root {
  readonly organisation: string;
  /** SHA-256 of the root certificate's DER, hex: the newest one, if keys were rolled over. */
  readonly sha256: string;
}

/**
 * The newest heartbeat of a root's institute, or of another institute that the asker trusts if the question counts those:
 * how fresh the verdict's records were.
 */
export interface HeartbeatSeen {
  readonly institute: string;
  /** The sealed epoch over which it was given, and its digest. */
  readonly epoch: number;
  readonly digest: string;
  readonly time: Instant;
}

/** A report's data about a kind of quantity: the range and the uncertainty. Numbers in its unit. */
export interface Given {
  readonly name: string;
  readonly quantity: string;
  readonly unit: string;
  /** Null where no values are stated: deviations alone do not say where they hold. */
  readonly range: Range | null;
  /** Expanded, at 95 %; null where none is stated that can be used. */
  readonly uncertainty: Range | null;
  /** The coverage factors of these uncertainties at 95 %, which may differ from the certificate's; null without an uncertainty. */
  readonly coverageFactor: Range | null;
  /** The arguments at which it was measured. */
  readonly arguments: readonly GivenArgument[];
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface GivenArgument {
  readonly name: string;
  readonly unit: string;
  readonly range: Range;
}

/** The status of one result of a current report. */
export interface ResultVerdict extends Given {
  readonly report: string;
  readonly status: VerdictStatus;
  readonly reason: string;
  /** False: it states no uncertainty, so the device's status does not rest on it. */
  readonly counted: boolean;
  /** Where its calibrations end; sorted. */
  readonly roots: readonly string[];
  /** Conformity, beside the status; null if the certificate does not state it. */
  readonly conformity: ConformityStatus | null;
  /** The smallest test uncertainty ratio; null if it cannot be computed for every row. */
  readonly tur: number | null;
  readonly due: Due;
}

export type DueState = 'valid' | 'due-soon' | 'overdue';

/** When the next calibration is due, and whose interval or date decides that. */
export interface Due {
  /** The last day on which it may be relied on; null: no interval and no date is set. */
  readonly date: CalendarDate | null;
  /** The interval of the device itself, its owner's for all devices, the certificate, or whoever asks. */
  readonly by: 'device' | 'owner' | 'certificate' | 'question' | null;
  readonly state: DueState | null;
  /** The last day of its owner's grace; absent if the owner gives no grace. */
  readonly graceUntil?: CalendarDate;
}

/** A requirement of the owner that is not fulfilled. */
export interface Unmet {
  readonly requirement: 'status' | 'accreditation' | 'interval' | 'conformity' | 'tur' | 'strict' | 'freshness';
  /** One sentence. */
  readonly reason: string;
}

/** The owner's requirements for a device, besides the status. */
export interface Fulfilment {
  /** The owner at the moment asked about. */
  readonly owner: string;
  /** Number of the owner's statement that counted then; null: the owner had made no statement. */
  readonly number: number | null;
  /**
   * Whether the owner's policy allows using the device: it is TRACEABLE, or ATTESTED only through accreditations that the owner
   * accepts, and no requirement is unmet. A boot gate asks for this.
   */
  readonly fulfilled: boolean;
  readonly unmet: readonly Unmet[];
}

/** Whether a device traces to a National Metrology Institute at a moment, with a reason for every link of the chain. */
export interface Verdict {
  readonly registry: string;
  readonly device: string;
  readonly asOf: Instant;
  readonly knownAt: Instant | null;
  /** The kind of quantity that was asked about; null: all. */
  readonly quantity: string | null;
  /** The value and the arguments that were asked about; absent: all rows were judged. */
  readonly at?: AskedAt;
  readonly status: VerdictStatus;
  /** The check that decided; null if the status is `TRACEABLE`. */
  readonly check: CheckName | null;
  /** One sentence: the reason of the status. */
  readonly reason: string;
  /** The owner's requirements, and whether they are fulfilled; null: the device is not registered. */
  readonly requirements: Fulfilment | null;
  /** When the first of its calibrations is due again; null: it has none. */
  readonly due: Due | null;
  /** The status of each of the device's current results. */
  readonly results: readonly ResultVerdict[];
  /** Longest chain of reports, counted in reports. */
  readonly levels: number;
  /** Where the calibrations end; sorted by organisation. */
  readonly roots: readonly Root[];
  /** All institutes whose word it rests on: those above the calibrators, imprinters, owners and accreditors in the chain; sorted. */
  readonly institutes: readonly Root[];
  readonly heartbeats: readonly HeartbeatSeen[];
  /** Findings about the verdict as a whole (its freshness, its roots). */
  readonly findings: readonly Finding[];
  /** In the order they were walked, depth first; a report reached twice has its parents walked once. */
  readonly edges: readonly Edge[];
}
