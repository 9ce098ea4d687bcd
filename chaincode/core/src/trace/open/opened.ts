import type {
  AccreditationLine,
  DeviceRecord,
  Instant,
  OrganisationKind,
  Registered,
  ReportRecord,
  Result,
  StatementOf,
} from '../../model/index.js';
import type { Shown } from '../../signing/index.js';
import type { Impediment } from '../impediments.js';
import type { CheckName } from '../verdict.js';
import type { Key } from './key.js';
import type { Laboratory } from './laboratory.js';
import type { Decision, Ownership } from './ownership.js';
import type { Said } from './statement.js';

/** An organisation with all signed statements about it. */
export interface OpenOrganisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly membership: StatementOf<'organisation'>;
  /** Oldest first. */
  readonly keys: readonly Key[];
  /** Why its record is not valid. */
  readonly flaws: readonly string[];
  readonly impediments: readonly Impediment[];
}

/** A line of an accreditation that was validly granted; `scope.validTo` is its last day after reductions, and after the end of its accreditor. */
export interface Line {
  readonly scope: AccreditationLine;
  readonly by: string;
  /** The accreditation body, as certificates name it. */
  readonly body: string | null;
  /** Of the accreditation, or of the entry in the KCDB. */
  readonly number: string | null;
  /** When the grant was registered. */
  readonly registered: Registered;
}

/** An organisation's certification, from itself upwards. */
export interface CertificationChain {
  readonly organisations: readonly OpenOrganisation[];
  /** The organisation without a record above it, if the chain ends before an institute; otherwise null. */
  readonly missing: string | null;
}

export interface OpenPerson {
  readonly id: string;
  readonly keys: readonly Key<'authorisation'>[];
  readonly flaws: readonly string[];
  readonly impediments: readonly Impediment[];
}

export interface OpenDevice extends Ownership {
  readonly id: string;
  readonly record: DeviceRecord;
  readonly imprint: StatementOf<'device'>;
  /** Oldest first; empty if nobody validly vouches for its key. */
  readonly keys: readonly Key<'device'>[];
  readonly flaws: readonly string[];
  /** The organisation that imprinted it, and those above. */
  readonly imprinting: CertificationChain;
  /** Ids of those who certified its keys. */
  readonly imprinters: ReadonlyMap<string, OpenPerson | undefined>;
  readonly registered: Registered;
  /** The owner now. */
  readonly owner: string;
  readonly impediments: readonly Impediment[];
}

/** A report by the device it is about. */
export interface Reference {
  readonly device: string;
  readonly report: string;
}

/** A report with all records that it has to be checked against. */
export interface OpenReport {
  readonly id: string;
  readonly record: ReportRecord;
  readonly said: Said<'report'>;
  readonly payload: StatementOf<'report'>['body'];
  readonly organisation: string;
  readonly device: OpenDevice;
  /** The issuing organisation and those above it. */
  readonly issuer: CertificationChain;
  /** Who calibrated. */
  readonly laboratory: Laboratory;
  readonly technician: OpenPerson | undefined;
  /** When the ledger first held its digest. */
  readonly registered: Instant;
  /**
   * Whether it is a transcription: its technician only vouches for work that was done long before the registration, or by somebody
   * else.
   */
  readonly isTranscription: boolean;
  /**
   * The report, registered in time, that this late one repeats: it amends it, and states the same work with the same results. Absent:
   * it is not late, amends none, or amends more than the form.
   */
  readonly repeats?: OpenReport;
  /** For a transcribed certificate of an institute: two other organisations that confirmed it as equal to its original, or none. */
  readonly confirmedBy: readonly string[];
  /** For an imported certificate: another report of the same work that names standards which this one omits. */
  readonly fullerReport: string | undefined;
  readonly impediments: readonly Impediment[];
  /** If a standing consent may accept it: the kinds of quantity of all reports that it amends; undefined if unknown. */
  readonly amends: readonly string[] | undefined;
  /** Statements of the device's owners about it, in order. */
  readonly decisions: readonly Decision[];
  /** Results by quantity, of those that were asked for. */
  readonly results: ReadonlyMap<string, readonly Result[]>;
  /** All of these. */
  readonly counted: readonly Result[];
  /** Kinds that were requested and could not be read. */
  readonly unread: readonly Unread[];
  /** Kinds among those that were asked for whose results are confidential, and that no disclosure shows. */
  readonly closed: ReadonlySet<string>;
  /** Kinds of which a disclosure shows some results only. */
  readonly partly: ReadonlyMap<string, Shown>;
  /** If it counts at some places only, its results are reduced to these rows; these are the whole results. */
  readonly placed?: ReadonlyMap<Result, Placed>;
  /** Whether these are the places of the question: rows there count, with or without an uncertainty. */
  readonly isAskedAbout?: true;
}

/** A result of which only some rows count. */
export interface Placed {
  readonly whole: Result;
  readonly rows: ReadonlySet<number>;
}

export interface Unread {
  readonly quantity: string;
  readonly why: 'not-signed' | 'too-many';
}

/** Why a report could not be opened. */
export interface Unopened {
  readonly check: CheckName;
  readonly outcome: 'missing' | 'failed';
  readonly reason: string;
}

/** A named report, and the report that counts in its place. */
export interface Citation {
  readonly cited: OpenReport;
  /** Its amendments in order, without the last. */
  readonly between: readonly OpenReport[];
  readonly report: OpenReport;
}
