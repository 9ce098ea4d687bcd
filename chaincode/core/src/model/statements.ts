import type { AccreditationGrant, WorkPlace } from './cmc.js';
import type { Requirements } from './requirements.js';
import type { Extent, Uncertainty } from './results.js';
import type { CalendarDate, Instant } from './time.js';

/**
 * Everything that a verdict depends on is a statement: canonical JSON, signed by its authors. The type contains its version;
 * a type that is not listed here is refused by name.
 */
export const STATEMENT_TYPES = {
  founding: 'tracecal-founding/1',
  admission: 'tracecal-admission/1',
  policy: 'tracecal-policy/1',
  organisation: 'tracecal-organisation/1',
  accreditation: 'tracecal-accreditation/1',
  reduction: 'tracecal-reduction/1',
  authorisation: 'tracecal-authorisation/1',
  device: 'tracecal-device/1',
  transfer: 'tracecal-transfer/1',
  interval: 'tracecal-interval/1',
  requirements: 'tracecal-requirements/1',
  report: 'tracecal-report/1',
  acceptance: 'tracecal-acceptance/1',
  rejection: 'tracecal-rejection/1',
  consent: 'tracecal-consent/1',
  review: 'tracecal-review/1',
  confirmation: 'tracecal-confirmation/1',
  revocation: 'tracecal-revocation/1',
  suspension: 'tracecal-suspension/1',
  reinstatement: 'tracecal-reinstatement/1',
  seal: 'tracecal-seal/1',
  heartbeat: 'tracecal-heartbeat/1',
} as const;

/** The short name of a statement's type. */
export type StatementKind = keyof typeof STATEMENT_TYPES;

export const SUBJECT_KINDS = ['registry', 'organisation', 'person', 'device', 'report'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** What a statement is about. */
export interface Subject<K extends SubjectKind = SubjectKind> {
  readonly kind: K;
  readonly id: string;
}

/** The content that its author signs. */
export interface StatementOf<Kind extends StatementKind> {
  readonly type: (typeof STATEMENT_TYPES)[Kind];
  /**
   * The registry it is for, so that it cannot be replayed into another: the channel and the digest of the founding
   * (`calibration:01ab...`); of the founding itself the channel.
   */
  readonly registry: string;
  /** The organisation that makes the statement. */
  readonly author: string;
  /** When it was signed, according to its signers. */
  readonly date: Instant;
  /**
   * Its number among this author's statements about this subject: each is larger than the one before. A statement that
   * creates its subject has number 0.
   */
  readonly number: number;
  readonly subject: Subject<SubjectOf[Kind]>;
  readonly body: Bodies[Kind];
}

/** A statement of one of these types. */
export type StatementAs<Kind extends StatementKind> = { readonly [K in Kind]: StatementOf<K> }[Kind];

export type Statement = StatementAs<StatementKind>;

interface SubjectOf {
  readonly founding: 'registry';
  readonly admission: 'organisation';
  readonly policy: 'registry';
  readonly organisation: 'organisation';
  readonly accreditation: 'organisation';
  readonly reduction: 'organisation';
  readonly authorisation: 'person';
  readonly device: 'device';
  readonly transfer: 'device';
  readonly interval: 'device';
  readonly requirements: 'organisation';
  readonly report: 'report';
  readonly acceptance: 'device';
  readonly rejection: 'device';
  readonly consent: 'organisation';
  readonly review: 'report';
  readonly confirmation: 'report';
  readonly revocation: Exclude<SubjectKind, 'registry'>;
  readonly suspension: Exclude<SubjectKind, 'registry'>;
  readonly reinstatement: Exclude<SubjectKind, 'registry'>;
  readonly seal: 'registry';
  readonly heartbeat: 'registry';
}

export interface Bodies {
  readonly founding: Founding;
  readonly admission: Admission;
  readonly policy: RegistryPolicy;
  readonly organisation: Membership;
  readonly accreditation: Accreditation;
  readonly reduction: Reduction;
  readonly authorisation: Authorisation;
  readonly device: Imprint;
  readonly transfer: Transfer;
  readonly interval: Interval;
  readonly requirements: Requirements;
  readonly report: ReportBody;
  readonly acceptance: Acceptance;
  readonly rejection: Rejection;
  readonly consent: Consent;
  readonly review: Review;
  readonly confirmation: Confirmation;
  readonly revocation: Revocation;
  readonly suspension: Suspension;
  readonly reinstatement: Reinstatement;
  readonly seal: Seal;
  readonly heartbeat: HeartbeatBody;
}

// --- The registry -------------------------------------------------------------------------------------------------

/** Signed by the keys of all founding institutes. */
export interface Founding {
  readonly institutes: readonly Institute[];
  readonly policy: RegistryPolicy;
}

export interface Institute {
  readonly id: string;
  /** SHA-256 of its root certificate's DER, hex. */
  readonly certificateSha256: string;
}

/** Signed by the new institute's key and officers of a majority of the standing institutes; the author is one of them. */
export interface Admission {
  readonly certificateSha256: string;
}

/** Set at the founding, changed by a majority of the standing institutes. */
export interface RegistryPolicy {
  /** A report that the ledger took in later than this after the work is a transcription. */
  readonly transcriptionDays: number;
  /** Who may accredit a laboratory: the institute above it, an accreditation body that an institute certifies, or either. */
  readonly accreditors: 'certifier' | 'body' | 'either';
  /** The thresholds of its metrology; absent: as published in docs/metrology.md. */
  readonly thresholds?: Thresholds;
}

/** Engineering choices of a consortium, as fractions from 0 to 1. */
export interface Thresholds {
  /** How far an uncertainty may be below its floor or a CMC because of rounding to two digits. */
  readonly floorTolerance: number;
  /** How far outside the calibrated range a value may be, as part of its span. */
  readonly edge: number;
  /** Part of u² below which an influence may stay open. */
  readonly negligibleShare: number;
  /** An amended value matters if it changed by more than this part of the standard uncertainty of a result that rests on it. */
  readonly amendedShift: number;
  /** An amended uncertainty matters if it grew by more than this part and the floor no longer holds. */
  readonly amendedGrowth: number;
}

// --- Organisations and people -------------------------------------------------------------------------------------

/** What a member is: `OPERATOR` owns devices in use, `OBSERVER` (a regulator, an insurer) only reads. */
export const ORGANISATION_KINDS = [
  'NMI',
  'ACCREDITATION_BODY',
  'LAB',
  'OEM',
  'OPERATOR',
  'MONITOR',
  'OBSERVER',
] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** The kinds of organisations that each kind may certify. Institutes are certified by nobody: the others admit them. */
export const CERTIFIES: Readonly<Record<OrganisationKind, readonly OrganisationKind[]>> = {
  NMI: ['ACCREDITATION_BODY', 'LAB', 'OEM', 'OPERATOR', 'MONITOR', 'OBSERVER'],
  ACCREDITATION_BODY: [],
  LAB: ['LAB', 'OEM', 'OPERATOR'],
  OEM: [],
  OPERATOR: [],
  MONITOR: [],
  OBSERVER: [],
};

/**
 * What an organisation is. Signed by its own key and by its certifier (an institute: by itself alone, and its admission
 * names its certificate). A further one brings a new key, and an officer of the organisation signs it as well.
 */
export interface Membership {
  readonly kind: OrganisationKind;
  /** The MSP through which it acts on Fabric. */
  readonly mspId: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The organisation that certifies its key; null for an institute. */
  readonly certifier: string | null;
  readonly certificateSha256: string;
}

/** Lines added to an organisation's accreditation. An institute's are signed by a majority of the institutes. */
export type Accreditation = AccreditationGrant;

/**
 * Ends lines of an accreditation; signed by their grantor, or by the institute above. Not retroactive: earlier work stays
 * covered.
 */
export interface Reduction {
  readonly grantor: string;
  /** Number of the grantor's accreditation statement about this organisation. */
  readonly accreditation: number;
  /** Places of the lines in it; null: all of them. */
  readonly lines: readonly number[] | null;
  /** Their last day. */
  readonly validTo: CalendarDate;
}

export const PERSON_ROLES = ['technician', 'officer'] as const;
/** A technician calibrates and imprints; an officer signs in the organisation's name. */
export type PersonRole = (typeof PERSON_ROLES)[number];

/** Signed by the organisation (its key; for a technician an officer will do) and by the person's own key. */
export interface Authorisation {
  readonly role: PersonRole;
  readonly certificateSha256: string;
  /** Kinds of quantity that a technician may sign for; none for an officer. */
  readonly quantities: readonly string[];
}

// --- Devices and reports ------------------------------------------------------------------------------------------

export const DEVICE_KINDS = ['standard', 'field'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/**
 * A device's registration: signed by the technician who imprinted it, by its own key and by its owner. A further one brings
 * a new key or certificate and changes nothing else; the present owner and interval stay.
 */
export interface Imprint {
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly owner: string;
  /** Days until recalibration is due; null: what the owner requires of all its devices decides. */
  readonly intervalDays: number | null;
  readonly technician: string;
  readonly certificateSha256: string;
}

/** Signed by the owner until now, who is the author, and the next one. */
export interface Transfer {
  readonly to: string;
  readonly intervalDays: number | null;
}

/** For one device: takes precedence over the owner's requirements for all devices. */
export interface Interval {
  readonly intervalDays: number | null;
}

/** A report's reference to a parent that its traceability depends on. */
export type Parent =
  | { readonly kind: 'report'; readonly device: string; readonly report: string; readonly digest: string }
  /** A certificate on paper: nobody can check it, the signatories attest it, and say what it certifies. */
  | {
      readonly kind: 'paper';
      readonly certificate: string;
      readonly laboratory: string;
      readonly equipment: string;
      /** Serial number of the standard; absent: the certificate states none. */
      readonly serial?: string;
      /** The last day of its calibration; absent only where nothing is described. */
      readonly date?: CalendarDate;
      readonly results: readonly PaperResult[];
    }
  /** A digital certificate that is not registered here. */
  | {
      readonly kind: 'external';
      readonly certificate: string;
      /** Of its file, as the certificate that names it states; absent: it states none. */
      readonly digest?: FileDigest;
      readonly equipment: string;
    };

export const DIGEST_ALGORITHMS = ['SHA-256', 'SHA-384', 'SHA-512'] as const;

/** Certificates name the algorithm but not the form of the bytes; only a comparison shows which form was used. */
export interface FileDigest {
  readonly algorithm: (typeof DIGEST_ALGORITHMS)[number];
  /** Hex. */
  readonly value: string;
}

/** A paper certificate's data about one kind of quantity. */
export interface PaperResult {
  readonly quantity: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly uncertainty: Uncertainty;
}

/** The results of one kind of quantity: a record of their own, because most traces ask about few kinds. */
export interface ResultsDigest {
  readonly quantity: string;
  /** SHA-256 of the canonical form of the results, hex. */
  readonly sha256: string;
  /** Number of rows: it gives the cost of a trace before they are read. */
  readonly rows: number;
  /** The places at which they describe the device; absent: too many to state, so they count for all places of this kind. */
  readonly extents?: readonly Extent[];
  /** The as-found results were out of limits: work with the device since its last calibration needs a review. */
  readonly foundOutOfLimits?: true;
}

/** The data about a report's results that are known without reading them. */
export type ResultsSummary = Pick<ResultsDigest, 'quantity' | 'extents' | 'foundOutOfLimits'>;

/** Signed by the technician and every parent device. The author is the organisation that calibrated. */
export interface ReportBody {
  readonly device: string;
  readonly technician: string;
  readonly parents: readonly Parent[];
  /** By quantity, in order of their names. */
  readonly results: readonly ResultsDigest[];
  readonly performed: { readonly begin: CalendarDate; readonly end: CalendarDate };
  readonly issued: CalendarDate;
  /** SHA-256 of the original certificate file, hex; null if the report was not made from a file. */
  readonly certificateSha256: string | null;
  /** The existing certificate that it transcribes, which need not name its standards; absent: it was made here. */
  readonly certificate?: StatedCertificate;
  /** The accreditation under which it was made, as the certificate claims it. */
  readonly accredited?: { readonly body: string | null; readonly number: string | null };
  /** Where the work was done; absent: in the laboratory. */
  readonly place?: WorkPlace;
  /** The recalibration date on the certificate; the owner's interval takes precedence. */
  readonly recalibrateBy?: CalendarDate;
  /** It states an adjustment or a repair: older calibrations no longer apply to the device. */
  readonly adjusted?: true;
  /** The report that this one amends: withdrawn from now on. */
  readonly supersedes: { readonly report: string; readonly digest: string } | null;
}

/**
 * How an existing certificate names itself and the laboratory that issued it: a legal person, never a natural one. An accreditation
 * has to cover its laboratory, whoever transcribes the certificate.
 */
export interface StatedCertificate {
  readonly number: string;
  /** Name of the laboratory. */
  readonly laboratory: string;
  /** Code under which an accreditation body knows the laboratory. */
  readonly code?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** The member that this laboratory is, by the technician's word; absent: the author if the names agree, otherwise not a member. */
  readonly issuer?: string;
  /** Its verified seal; absent: it has none, or whoever transcribed it could not verify it. */
  readonly seal?: StatedSeal;
}

/**
 * A seal over a whole certificate that its technician verified: signed with a certificate of that laboratory which led to an anchor
 * that they trust, was valid and not revoked. Anybody who has the original can do it again and compare.
 */
export interface StatedSeal {
  /** SHA-256 of what the seal signs (`SignedInfo` in its canonical form), hex. */
  readonly signedInfoSha256: string;
  /** SHA-256 of the certificates (DER), hex: the signer's first, then those up to the anchor. */
  readonly certificates: readonly string[];
  /** When a timestamp proves that it existed; absent: when the ledger took the report in. */
  readonly proven?: Instant;
}

/** The owner's statement that a report counts for this device. */
export interface Acceptance {
  readonly report: string;
  readonly digest: string;
  /** The last day of its calibration and its contents, so that the current reports are known without reading all of them. */
  readonly performed: CalendarDate;
  readonly results: readonly ResultsSummary[];
  /** As the report states it. */
  readonly adjusted?: true;
  /** The report that it amends. */
  readonly supersedes?: string;
}

/** The owner's statement that a report does not count, even if it was accepted before. */
export interface Rejection {
  readonly report: string;
  readonly digest: string;
}

/** Accepts a laboratory's future reports in advance, if they are traceable without it. The subject is the laboratory. */
export interface Consent {
  /** Null: all devices of the author. */
  readonly devices: readonly string[] | null;
  /** Null: all kinds. */
  readonly quantities: readonly string[] | null;
  readonly until: CalendarDate;
}

/**
 * A laboratory has reviewed its reports and confirms them (ISO/IEC 17025, 7.10). The subject is the report that caused the
 * review: the amendment of a report that they depend on, or the calibration that found one of their standards out of its
 * limits.
 */
export interface Review {
  /** Digest of that report. */
  readonly digest: string;
  readonly reports: readonly { readonly report: string; readonly digest: string }[];
  /** Why the reports are confirmed, for people to read. It must not name a person. */
  readonly reason?: string;
}

/**
 * An officer of another organisation has imported the original of a transcription again. The subject is the report; an
 * organisation's last statement counts.
 */
export interface Confirmation {
  /** Digest of the report. */
  readonly digest: string;
  /** SHA-256 of the certificate's file, hex. */
  readonly certificateSha256: string;
  /** Whether the two are equal: results, dates, laboratory and number. False withdraws an earlier confirmation. */
  readonly equal: boolean;
}

// --- What is said against something -------------------------------------------------------------------------------

export const REVOCATION_REASONS = [
  'key-compromise',
  'out-of-tolerance',
  'calibration-error',
  'accreditation-withdrawn',
  'fraud',
  'unspecified',
  /** Nothing further may be done: a technician left, a standard was retired. */
  'cessation',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** These leave work done before they took effect valid; every other reason puts all earlier work in doubt. */
export const FORWARD_REASONS: readonly RevocationReason[] = ['cessation', 'accreditation-withdrawn'];

/** Permanent. */
export interface Revocation {
  readonly reason: RevocationReason;
  /** From when it holds; may lie in the past. */
  readonly effective: Instant;
}

/** Until it is lifted. */
export interface Suspension {
  readonly reason: RevocationReason;
  readonly effective: Instant;
}

/** Lifts a suspension; signed by the organisation that imposed it, or one above it. */
export interface Reinstatement {
  /** The organisation that suspended. */
  readonly lifts: string;
  readonly effective: Instant;
}

// --- Freshness ----------------------------------------------------------------------------------------------------

/** Closes the open epoch, whose number is the statement's: nothing enters it any more. */
export type Seal = Readonly<Record<string, never>>;

/** An institute's signature over everything up to a sealed epoch, whose number is the statement's. */
export interface HeartbeatBody {
  /** Chained digest of the change log up to and with the epoch, hex. */
  readonly digest: string;
}
