import type { Imprint, Interval, Transfer } from './bodies/devices.js';
import type { Accreditation, Authorisation, Membership, Reduction } from './bodies/organisations.js';
import type { Admission, Founding, HeartbeatBody, RegistryPolicy, Seal } from './bodies/registry.js';
import type { Acceptance, Confirmation, Consent, Rejection, ReportBody, Review, Vouching } from './bodies/reports.js';
import type { Reinstatement, Revocation, Suspension } from './bodies/standing.js';
import type { Requirements } from './requirements.js';
import type { Instant } from './time.js';

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
  vouching: 'tracecal-vouching/1',
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
  readonly vouching: 'report';
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
  readonly vouching: Vouching;
  readonly revocation: Revocation;
  readonly suspension: Suspension;
  readonly reinstatement: Reinstatement;
  readonly seal: Seal;
  readonly heartbeat: HeartbeatBody;
}
