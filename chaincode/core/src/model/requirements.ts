/** Whether an owner accepts results that depend on the accreditation of a laboratory whose standards are not shown. */
export const ACCREDITATION_POLICIES = ['accept', 'attested', 'refuse'] as const;
export type AccreditationPolicy = (typeof ACCREDITATION_POLICIES)[number];

/** Checks with remarks that leave a trace sound or attested: an owner may forbid such remarks. */
export const STRICT_CHECKS = [
  'acceptance',
  'amendment',
  'as-found',
  'chronology',
  'conformity',
  'interval',
  'issuer',
  'paper-certificate',
  'results',
  'scope',
  'standing',
  'support',
  'transcription',
] as const;
export type StrictCheck = (typeof STRICT_CHECKS)[number];

export interface KindInterval {
  readonly quantity: string;
  readonly days: number;
}

/**
 * An owner's requirements for all its devices; the subject is the owner. Each statement replaces the previous one; what it
 * omits is not required. Requirements never improve a status, except that the intervals decide when devices are due.
 */
export interface Requirements {
  /** Days until recalibration is due, by name of the kind. A device's own interval takes precedence. */
  readonly intervals?: readonly KindInterval[];
  /** Days until recalibration is due, of all other kinds. */
  readonly intervalDays?: number;
  /** How many days past an interval of this owner a device may still be relied on. */
  readonly graceDays?: number;
  /** A calibration is due soon this many days before its last day; absent: 30. */
  readonly dueSoonDays?: number;
  /**
   * `accept`: fulfils the owner's requirements, though the status stays ATTESTED. `attested`, the default: the asker
   * decides. `refuse`: not fulfilled.
   */
  readonly accreditation?: AccreditationPolicy;
  /** What certificates have to state about conformity: any statement, or that the device conforms and the numbers agree. */
  readonly conformity?: 'stated' | 'conforms';
  /** The least test uncertainty ratio, (upper - lower) / (2 U95). */
  readonly minimumTur?: number;
  /** Checks for which even a note is not acceptable, by name. */
  readonly strict?: readonly StrictCheck[];
  /** How old, in seconds, the newest heartbeat may be. The asker may only be stricter. */
  readonly maxAgeSeconds?: number;
}
