import type {
  AccreditationLine,
  CalendarDate,
  DeviceKind,
  Instant,
  Jws,
  OrganisationKind,
  Parent,
  RegistryPolicy,
  ReportBody,
  Result,
  RevocationReason,
  StatementKind,
} from '@tracecal/core/model';
import type { PseudonymFile } from '@tracecal/core/pseudonym';

/** First and last day of a certificate. */
export type Valid = readonly [from: CalendarDate, to: CalendarDate];

/** A key with its certificate. */
export interface KeySpec {
  readonly valid?: Valid;
  /** Name of the signer whose key it is, too; by default it is a new one. */
  readonly sameKeyAs?: string;
  /** Makes it a test key that can be made again. */
  readonly seed?: string;
}

/** How something is said: by default soundly, by those whose word it needs. */
export interface Saying {
  /** When the ledger takes it in. */
  readonly registered?: Instant;
  /** When it was signed; by default when it is registered. */
  readonly date?: Instant;
  readonly number?: number;
  /** Names of signers: `technician:t-1`, `officer:lab-alpha/officer`. */
  readonly signers?: readonly string[];
}

export interface FoundingSpec extends Saying {
  readonly institutes: readonly (string | OrganisationSpec)[];
  readonly policy?: Partial<RegistryPolicy>;
}

export interface OrganisationSpec extends Saying, KeySpec {
  readonly id: string;
  readonly kind: OrganisationKind;
  /** By default the organisation's MSP has its name: `lab-alpha` is `LabAlphaMSP`. */
  readonly mspId?: string;
  readonly name?: string;
  readonly certifiedBy?: string;
  /** It is registered under this pseudonym, which is its id. */
  readonly pseudonym?: PseudonymFile;
  /** By default temperature and mass for institutes and laboratories, none for others. */
  readonly scopes?: readonly AccreditationLine[];
}

export interface PersonSpec extends Saying, KeySpec {
  readonly id: string;
  readonly organisation: string;
  /** The organisation whose key issues the certificate; by default their own. */
  readonly certifiedBy?: string;
}

export interface TechnicianSpec extends PersonSpec {
  readonly quantities?: readonly string[];
}

export interface DeviceSpec extends Saying, KeySpec {
  readonly id: string;
  /** Who imprints it. */
  readonly technician: string;
  /** The technician whose key issues the certificate; by default the same. */
  readonly certifiedBy?: string;
  readonly kind?: DeviceKind;
  /** By default the technician's organisation. */
  readonly owner?: string;
  readonly serial?: string;
  readonly intervalDays?: number | null;
  /** It is registered under this pseudonym, which is its id. */
  readonly pseudonym?: PseudonymFile;
}

export interface ReportSpec extends Saying {
  readonly id: string;
  readonly device: string;
  readonly technician: string;
  /** Ids of reports, or parents as they stand in a payload. None: a root. */
  readonly parents?: readonly (string | Parent)[];
  readonly results?: readonly Result[];
  /** Kinds of quantity whose results are confidential. */
  readonly sealed?: readonly string[];
  /** By default the day after its parents', so that a chain is in order. */
  readonly performed?: CalendarDate;
  /** The first day of the work; by default also the last. */
  readonly begun?: CalendarDate;
  readonly issued?: CalendarDate;
  /** Id of the report that it amends. */
  readonly supersedes?: string;
  /** By default the technician's. */
  readonly organisation?: string;
  readonly registry?: string;
  /** What else the report states. */
  readonly stated?: Partial<Pick<ReportBody, 'adjusted' | 'certificate' | 'accredited' | 'place' | 'recalibrateBy'>>;
  /** Whether the device's owner accepts it at once: the default; `consent`: by the owner's standing consent. */
  readonly accepted?: boolean | 'consent';
}

export interface ImpedimentSpec extends Saying {
  /** By default the organisation that registered the subject, the certifier of an organisation, an institute itself. */
  readonly author?: string;
  readonly reason?: RevocationReason;
  readonly effective?: Instant;
  /** Whose suspension a reinstatement lifts; by default the author's. */
  readonly lifts?: string;
}

export interface ConsentSpec extends Saying {
  readonly laboratory: string;
  readonly devices?: readonly string[] | null;
  readonly quantities?: readonly string[] | null;
  readonly until?: CalendarDate;
}

export interface GrantSpec extends Saying {
  readonly author?: string;
  /** By default no body, and no number. */
  readonly under?: { readonly body: string | null; readonly number: string | null };
}

export interface ReductionSpec extends Saying {
  readonly author?: string;
  /** Whose lines; by default the author's. */
  readonly grantor?: string;
  readonly accreditation?: number;
  readonly lines?: readonly number[] | null;
  readonly validTo: CalendarDate;
}

/** Something to be registered: a statement, with what it names by digest or needs beside it. */
export interface Item {
  readonly statement: Jws;
  readonly certificate?: string;
  readonly certificates?: readonly string[];
  readonly memberships?: readonly Jws[];
  readonly results?: readonly Result[];
  readonly acceptance?: Jws;
  readonly anchor?: {
    readonly root: string;
    readonly index: number;
    readonly size: number;
    readonly path: readonly string[];
  };
}

/** One call of the registry that builds a part of the hierarchy. */
export interface Step {
  readonly transaction: string;
  readonly argument: string;
  readonly kind: StatementKind;
  readonly item: Item;
  /** In whose name the statement is. */
  readonly organisation: string;
  /** When the ledger takes it in. */
  readonly at: Instant;
}

/** A {@link Step} with who calls: an organisation that may write at the calibration level. */
export interface Submission extends Step {
  readonly by: string;
}
