import type { WorkPlace } from '../cmc.js';
import type { Extent, Uncertainty } from '../results.js';
import type { CalendarDate, Instant } from '../time.js';

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
  /** SHA-256 of the canonical form of the results, hex; of sealed results, the Merkle root over their salted leaves. */
  readonly sha256: string;
  /** Number of rows: it gives the cost of a trace before they are read. Of sealed results, an upper bound: a power of two. */
  readonly rows: number;
  /** The places at which they describe the device; absent: too many to state, so they count for all places of this kind. */
  readonly extents?: readonly Extent[];
  /** The as-found results were out of limits: work with the device since its last calibration needs a review. */
  readonly foundOutOfLimits?: true;
  /**
   * The results are confidential: the ledger holds no numbers of them, and no places. That they were found out of limits stays public,
   * because the work of others depends on it.
   */
  readonly sealed?: true;
}

/** The data about a report's results that are known without reading them. */
export type ResultsSummary = Pick<ResultsDigest, 'quantity' | 'extents' | 'foundOutOfLimits' | 'sealed'>;

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

/** Kinds of organisations that may vouch for confidential results of others, besides the issuer of a report and the owners of its device. */
export const VOUCHING_KINDS = ['NMI', 'ACCREDITATION_BODY', 'LAB', 'OBSERVER'] as const;

export const VOUCHED_OUTCOMES = ['sound', 'attested', 'unsound'] as const;

/**
 * An officer of an organisation that has read the confidential results of a report, and of those that it rests on, states what the rules
 * of every trace say about them. The subject is the report; an organisation's last statement counts.
 */
export interface Vouching {
  /** Digest of the report. */
  readonly digest: string;
  /** The sealed results that were read: those of the report, and those that it rests on at all levels above. */
  readonly opened: readonly OpenedResults[];
  /** Digest of everything above by which it was judged, hex: if any of that changes, it has to be judged again. */
  readonly basis: string;
  /** By quantity, in order of their names. */
  readonly judged: readonly JudgedResults[];
  /** Digest of the thresholds by which it was judged, hex. */
  readonly policy: string;
}

/** Sealed results, by the root that their report signs. */
export interface OpenedResults {
  readonly report: string;
  readonly quantity: string;
  readonly root: string;
}

export interface JudgedResults {
  readonly quantity: string;
  /** `unsound` withdraws what its author said before. */
  readonly outcome: (typeof VOUCHED_OUTCOMES)[number];
  /** Why it is only `attested`: an accreditation replaces the chain. */
  readonly basis?: 'accreditation';
  /** Digests of the lines of accreditations that bear the results, hex: without one of them, it has to be judged again. */
  readonly lines: readonly string[];
}
