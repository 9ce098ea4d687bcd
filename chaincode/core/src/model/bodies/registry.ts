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

/** Closes the open epoch, whose number is the statement's: nothing enters it any more. */
export type Seal = Readonly<Record<string, never>>;

/** An institute's signature over everything up to a sealed epoch, whose number is the statement's. */
export interface HeartbeatBody {
  /** Chained digest of the change log up to and with the epoch, hex. */
  readonly digest: string;
}
