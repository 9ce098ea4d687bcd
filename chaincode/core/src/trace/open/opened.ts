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
import type { Impediment } from '../impediments.js';
import type { CheckName } from '../verdict.js';
import type { Key } from './key.js';
import type { Laboratory } from './laboratory.js';
import type { Decision, Ownership } from './ownership.js';
import type { Said } from './statement.js';

/** An organisation, with all that is signed about it. */
export interface OpenOrganisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly membership: StatementOf<'organisation'>;
  /** Oldest first. */
  readonly keys: readonly Key[];
  /** Why it is not what its record says. */
  readonly flaws: readonly string[];
  readonly impediments: readonly Impediment[];
}

/** A line of an accreditation that was validly granted; `scope.validTo` is its last day after reductions. */
export interface Line {
  readonly scope: AccreditationLine;
  readonly by: string;
  /** The accreditation body, as certificates name it. */
  readonly body: string | null;
  /** Of the accreditation, or of the entry in the KCDB. */
  readonly number: string | null;
  /** When the ledger took in that it was granted. */
  readonly registered: Registered;
}

/** An organisation's certification, from itself upwards. */
export interface CertificationChain {
  readonly organisations: readonly OpenOrganisation[];
  /** The organisation at which the records end before an institute, or null. */
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
  /** Oldest first; none if nobody validly vouches for its key. */
  readonly keys: readonly Key<'device'>[];
  readonly flaws: readonly string[];
  /** The organisation that imprinted it, and those above. */
  readonly imprinting: CertificationChain;
  /** Those who certified its keys, by their ids. */
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

/** A report with all the records that it has to be held against. */
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
  /** Whether its technician only vouches for what was done: long before the ledger heard of it, or by somebody else. */
  readonly isTranscription: boolean;
  /** Of an institute's certificate that is transcribed: two other organisations to which its original reads equal, or none. */
  readonly confirmedBy: readonly string[];
  /** Of an imported certificate: another report of the same work that shows standards which it leaves out. */
  readonly fullerReport: string | undefined;
  readonly impediments: readonly Impediment[];
  /** Where a standing consent stands for it: the kinds of quantity of all that it amends; undefined if that cannot be told. */
  readonly amends: readonly string[] | undefined;
  /** What owners of its device have said about it, in order. */
  readonly decisions: readonly Decision[];
  /** Results by quantity, of those that were asked for. */
  readonly results: ReadonlyMap<string, readonly Result[]>;
  /** All of these. */
  readonly counted: readonly Result[];
  /** Kinds that were asked for and could not be had. */
  readonly unread: readonly Unread[];
  /** Where it counts at some places only: of its results, which have only the rows there, the whole ones. */
  readonly placed?: ReadonlyMap<Result, Placed>;
  /** Whether those are the places that the question is about: rows there count whatever they state. */
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

/** A report that is named somewhere, and the one that counts in its place. */
export interface Citation {
  readonly cited: OpenReport;
  /** Those that amend it one after another, without the last. */
  readonly between: readonly OpenReport[];
  readonly report: OpenReport;
}
