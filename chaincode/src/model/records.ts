import type { CalendarDate, Instant } from './time.js';

/** When the ledger took a record in: the transaction and its (client-chosen, peer-checked) time. */
export interface Stamp {
  readonly txId: string;
  readonly time: Instant;
}

// --- Standing: revoke, suspend, reinstate -------------------------------------------------------------------------

export const REVOCATION_REASONS = [
  'key-compromise',
  'out-of-tolerance',
  'calibration-error',
  'accreditation-withdrawn',
  'fraud',
  'unspecified',
  /** Nothing further may be done, but what was done stays sound: a technician left, a standard was retired. */
  'cessation',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

export type StandingAction = 'revoke' | 'suspend' | 'reinstate';

/** One thing said about a report, device, technician or organisation. Statements are only ever appended. */
export interface Statement {
  readonly action: StandingAction;
  readonly reason: RevocationReason;
  /** From when it holds; may lie before `recorded.time` (retroactive). */
  readonly effective: Instant;
  /** The organisation that said it. */
  readonly by: string;
  readonly recorded: Stamp;
}

export const SUBJECT_KINDS = ['report', 'device', 'technician', 'organisation'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

// --- Organisations and technicians --------------------------------------------------------------------------------

export const ORGANISATION_KINDS = ['NMI', 'LAB', 'OEM', 'MONITOR'] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** A line of an accreditation (or of an NMI's CMC table): what may be calibrated, over which range, how well, and when. */
export interface Scope {
  readonly quantity: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Smallest expanded uncertainty (k = 2) that may be claimed at x: `absolute + relative * |x|`, in `unit`. */
  readonly cmc: { readonly absolute: number; readonly relative: number };
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate;
}

export interface Organisation {
  readonly id: string;
  readonly mspId: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Calibration CA certificate, DER in base64. An NMI's is self-signed. */
  readonly certificate: string;
  /** The organisation whose calibration key signed `certificate`; null for an NMI. */
  readonly certifiedBy: string | null;
  readonly registered: Stamp;
}

/** What the organisation's own record needs to say about a technician for a trace: the rest is in his own record. */
export interface RosterEntry {
  /** SHA-256 of his certificate's DER, hex. */
  readonly certificateSha256: string;
  readonly quantities: readonly string[];
  readonly statements: readonly Statement[];
}

/** Everything about an organisation in one record, because a trace pays for every read. */
export interface OrganisationFile {
  readonly organisation: Organisation;
  readonly scopes: readonly Scope[];
  readonly statements: readonly Statement[];
  readonly technicians: Readonly<Record<string, RosterEntry>>;
}

export interface Technician {
  readonly id: string;
  readonly organisation: string;
  /** Certificate issued by the organisation's calibration CA, DER in base64. */
  readonly certificate: string;
  readonly quantities: readonly string[];
  readonly registered: Stamp;
}

// --- Devices and reports ------------------------------------------------------------------------------------------

export const DEVICE_KINDS = ['standard', 'field'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

export interface Device {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  /** The organisation that owns it, and whose policy `intervalDays` is. */
  readonly owner: string;
  /** Days until recalibration is due; null if the owner sets none. */
  readonly intervalDays: number | null;
  /** Certificate of the device's key, issued by the technician at imprinting; DER in base64. */
  readonly certificate: string;
  readonly technician: string;
  readonly organisation: string;
  /** The technician's certificate as registered, so that a trace need not read his record. */
  readonly technicianCertificate: string;
  readonly registered: Stamp;
}

/** JWS JSON serialisation, general form (RFC 7515 section 7.2.1). */
export interface Jws {
  /** Canonical JSON of what is signed, base64url. */
  readonly payload: string;
  readonly signatures: readonly JwsSignature[];
}

export interface JwsSignature {
  readonly protected: string;
  readonly signature: string;
}

export interface Uncertainty {
  /** Expanded uncertainty U, in the result's unit. */
  readonly expanded: number;
  readonly coverageFactor: number;
  /** 0..1; null if the certificate does not say. */
  readonly coverageProbability: number | null;
}

export interface ResultPoint {
  readonly value: number;
  readonly uncertainty: Uncertainty | null;
}

/** One measured quantity of a report. */
export interface Result {
  readonly name: string;
  /** Kind of quantity: `temperature`, `mass`, ... */
  readonly quantity: string;
  /** D-SI unit: `\\degreecelsius`, `\\kilo\\gram`. */
  readonly unit: string;
  readonly points: readonly ResultPoint[];
}

/** What a report says its traceability rests on. */
export type Parent =
  | { readonly kind: 'report'; readonly device: string; readonly report: string; readonly digest: string }
  /** A certificate on paper: nobody can check it, the signatories attest it. */
  | { readonly kind: 'paper'; readonly certificate: string; readonly laboratory: string; readonly equipment: string }
  /** A digital certificate that is not registered here. */
  | {
      readonly kind: 'external';
      readonly certificate: string;
      readonly sha256: string | null;
      readonly equipment: string;
    };

export const REPORT_TYPE = 'tracecal-report/1';

/** What the technician and the parent devices sign. */
export interface ReportPayload {
  readonly type: typeof REPORT_TYPE;
  /** The registry (channel) it is for: a report cannot be replayed into another. */
  readonly registry: string;
  readonly report: string;
  readonly device: string;
  readonly organisation: string;
  readonly technician: string;
  readonly parents: readonly Parent[];
  readonly results: readonly Result[];
  readonly performed: { readonly begin: CalendarDate; readonly end: CalendarDate };
  readonly issued: CalendarDate;
  /** SHA-256 of the original certificate file, hex; null if there is none. */
  readonly certificateSha256: string | null;
  /** The report that this one amends. */
  readonly supersedes: { readonly report: string; readonly digest: string } | null;
}

/**
 * Other records that a trace through a report reads, as far as was known when it was registered: lets a peer be asked for
 * all of them at once. Never evidence: a trace reads what the reports say, whether it is listed here or not.
 */
export interface Lineage {
  readonly devices: readonly string[];
  readonly organisations: readonly string[];
  /** The institutes at the top, for their heartbeats. */
  readonly roots: readonly string[];
}

export interface Report {
  /** SHA-256 of the canonical payload, hex: how children name it. */
  readonly digest: string;
  readonly jws: Jws;
  /** The technician's certificate as registered; DER in base64. */
  readonly technicianCertificate: string;
  readonly registered: Stamp;
  readonly statements: readonly Statement[];
  readonly supersededBy: string | null;
  readonly lineage: Lineage;
}

/** Everything about a device in one record: itself, what was said about it, and all of its reports. */
export interface DeviceFile {
  readonly device: Device;
  readonly statements: readonly Statement[];
  readonly reports: Readonly<Record<string, Report>>;
}

// --- Freshness ----------------------------------------------------------------------------------------------------

export const HEARTBEAT_TYPE = 'tracecal-heartbeat/1';

export interface HeartbeatPayload {
  readonly type: typeof HEARTBEAT_TYPE;
  readonly registry: string;
  readonly nmi: string;
  /** Who signs for the NMI: root keys stay offline. */
  readonly technician: string;
  readonly sequence: number;
  readonly time: Instant;
}

/** An NMI's newest sign of life. */
export interface Heartbeat {
  readonly payload: HeartbeatPayload;
  readonly jws: Jws;
  readonly technicianCertificate: string;
  readonly recorded: Stamp;
}
