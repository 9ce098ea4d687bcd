import type { Acceptance } from './bodies/reports.js';
import type { Instant } from './time.js';

/** JWS JSON serialisation, general form (RFC 7515 section 7.2.1): how every statement is kept. */
export interface Jws {
  /** Canonical JSON of what is signed, base64url. */
  readonly payload: string;
  readonly signatures: readonly JwsSignature[];
}

export interface JwsSignature {
  readonly protected: string;
  readonly signature: string;
}

/**
 * When the ledger registered something. The ledger sets it, and nobody signs it. Signed data limit it: nothing was
 * registered before its own date, an author's numbers give the order of the author's statements, and heartbeats sign which
 * transactions an epoch contains.
 */
export interface Registered {
  /** The open epoch that the transaction read: nothing enters an epoch after its seal. */
  readonly epoch: number;
  /**
   * The latest of: the seal that opened the epoch; the transaction's own, client-chosen time; and the dates of everything that the
   * ledger already held about the signers and the records it rests on.
   */
  readonly date: Instant;
  /** How many decisions of the institutes the ledger contained by then: later decisions do not affect it. */
  readonly decisions: number;
  readonly txId: string;
}

/** Whether the ledger registered one thing before another, as far as can be determined, or at the same moment. */
export function precedes(one: Registered, other: Registered): boolean {
  return one.epoch < other.epoch || (one.epoch === other.epoch && one.date <= other.date);
}

/**
 * Whether the ledger registered one thing in an earlier epoch than another. Within an epoch clients choose the dates, so the dates say
 * nothing about the order. The contract knows it, and has judged each statement by all that the ledger held then. So traces undo
 * nothing because of what is dated before it in the same epoch: that may have come later.
 */
export function isOfEarlierEpoch(one: Registered, other: Registered): boolean {
  return one.epoch < other.epoch;
}

/** For the contract: after everything in the same epoch, and before the next one. What it registers comes after all that the ledger holds. */
export function afterAll(registered: Registered): Registered {
  return { ...registered, epoch: registered.epoch + 0.5 };
}

/** A statement on the ledger. */
export interface Entry {
  readonly jws: Jws;
  readonly registered: Registered;
}

/** A statement that names a certificate by its digest, with that certificate: DER in base64. */
export interface CertifiedEntry extends Entry {
  readonly certificate: string;
}

// Every record is small and contains signed statements. The impediments of a subject are in its own record, limited per
// author, so that nobody can use up the space of another.

/** The registry itself: its founders, and the institutes admitted, revoked or suspended since, in order. */
export interface RegistryRecord {
  readonly founding: Entry;
  /** Root certificates of the founding institutes, in the order in which the founding names them. */
  readonly certificates: readonly string[];
  /** Admissions (with a certificate), revocations, suspensions, reinstatements of institutes; policies. */
  readonly changes: readonly (Entry & { readonly certificate?: string })[];
}

export interface OrganisationRecord {
  readonly id: string;
  /** The first membership, and later ones that brought a new key. */
  readonly memberships: readonly CertifiedEntry[];
  /** Accreditations and reductions. */
  readonly accreditations: readonly Entry[];
  /** Its requirements for the devices that it owns. */
  readonly requirements: readonly Entry[];
  readonly impediments: readonly Entry[];
}

/** A technician or an officer. */
export interface PersonRecord {
  readonly id: string;
  /** For later registrations, each replaces the previous one. */
  readonly authorisations: readonly CertifiedEntry[];
  readonly impediments: readonly Entry[];
}

export interface DeviceRecord {
  readonly id: string;
  /** The first, and those that brought a new key or certificate. */
  readonly imprints: readonly CertifiedEntry[];
  /** Its owners' statements about it, in order: transfers, intervals, acceptances, rejections. */
  readonly ownership: readonly OwnerEntry[];
  /**
   * The list is complete from this time on: some older acceptances that newer ones had replaced are in records of their own, by
   * report. Null: all are here. Not signed: it only makes a trace state what it does not know.
   */
  readonly settledUntil: Instant | null;
  readonly impediments: readonly Entry[];
}

export interface OwnerEntry extends Entry {
  /** The report that a standing consent was applied to. Not signed: it counts as far as the consent covers that report. */
  readonly applied?: Acceptance;
}

export interface ReportRecord {
  readonly id: string;
  readonly statement: Entry;
  /** When the digest was anchored before it was registered: a proof of inclusion in a Merkle root of that time. */
  readonly anchor?: Anchor;
  /** The report that amends this one. Not signed here, but there: it has to name this one. The change log names both. */
  readonly supersededBy: string | null;
  readonly impediments: readonly Entry[];
  /**
   * The first accepted report of the same work that names standards which this one omits. Not signed: the work is judged by
   * both.
   */
  readonly fuller?: AcceptedReport;
}

export interface AcceptedReport {
  readonly report: string;
  /** When it became known that it counts: the decision itself may have left the device's record. */
  readonly accepted: Instant;
}

export interface Anchor {
  readonly root: string;
  readonly index: number;
  readonly size: number;
  /** Sibling hashes, from the leaf upwards, hex (RFC 9162). */
  readonly path: readonly string[];
  readonly registered: Registered;
}

/**
 * The names of the records that traces of a device, or through a report, read; stored next to it, so that a peer can be
 * asked for all of them at once. Never evidence: no verdict depends on it.
 */
export interface Reads {
  readonly devices: readonly string[];
  readonly reports: readonly string[];
  /** Report and quantity. */
  readonly results: readonly (readonly [report: string, quantity: string])[];
  /** Owner and laboratory. */
  readonly consents: readonly (readonly [owner: string, laboratory: string])[];
  readonly people: readonly string[];
  readonly organisations: readonly string[];
}

// --- Epochs -------------------------------------------------------------------------------------------------------

/** The open epoch. Every write of the registry reads it. */
export interface Epoch {
  readonly number: number;
  /** The date of the seal that opened it; of the founding for the first. */
  readonly opened: Instant;
}

/** A sealed epoch. */
export interface SealedEpoch extends Epoch {
  readonly seal: Entry;
}

/** The chained digest of the change log up to and with an epoch, as the contract recomputed it. */
export interface EpochDigest {
  readonly epoch: number;
  readonly digest: string;
  /** Lines in this epoch. */
  readonly lines: number;
}

/** An institute's newest heartbeat. */
export interface HeartbeatRecord {
  readonly institute: string;
  readonly statement: Entry;
}
