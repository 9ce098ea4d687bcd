import type { Instant, Subject } from '@tracecal/core/model';
import type { Verdict, VerdictStatus } from '@tracecal/core/trace';
import type { Submitter } from './submitter.js';

export const AUDIT_TYPE = 'tracecal-audit/1';

/** All that ever happened to a device, a report, a person or an organisation, as the blocks of a channel show it. */
export interface Audit {
  readonly type: typeof AUDIT_TYPE;
  readonly subject: Subject;
  readonly chain: AuditedChain;
  /** In the order of the ledger: refused transactions too. */
  readonly transactions: readonly AuditedTransaction[];
  /** What a verdict was at a moment, beside what it is now; null if nobody asked. */
  readonly known: Known | null;
  /** Of a device, where it was asked for; null otherwise. */
  readonly provenance: Provenance | null;
}

/** The blocks that were read: all from the first one. */
export interface AuditedChain {
  readonly channel: string;
  /** Hash of the first block's header, hex. */
  readonly genesis: string;
  /** Whether the auditor vouches for the chain, by a trust file or a hash; otherwise the first block is what a peer sent. */
  readonly isPinned: boolean;
  /** Number of blocks. */
  readonly height: number;
  /** Hash of the last block's header, hex. */
  readonly newest: string;
  /** The epoch that was open after the last block. */
  readonly epoch: number;
  /** The newest date that an institute signed in these blocks, by a seal or heartbeat: what came later may be unknown to them. */
  readonly signedUntil: Instant | null;
}

/** A transaction that concerns the subject. */
export interface AuditedTransaction {
  readonly txId: string;
  readonly block: number;
  /** Hash of the block's header, hex. */
  readonly blockHash: string;
  /** Its place in the block. */
  readonly place: number;
  /** By its sender's clock; endorsers accept a quarter of an hour more or less. */
  readonly time: Instant;
  /** Fabric's name of its validity: `VALID`, or why it was refused. A refused transaction changed nothing. */
  readonly validity: string;
  readonly submitter: Submitter;
  /** MSP ids of those whose endorsements are signed by an identity of theirs, sorted. */
  readonly endorsers: readonly string[];
  /** What it called: `createReport`. */
  readonly called: string;
  /** The epoch that it entered; null if it was refused. */
  readonly epoch: AuditedEpoch | null;
  /** The date that the ledger gave it: of its epoch's beginning, or its own if that is later; null if it was refused. */
  readonly registered: Instant | null;
  /** Those that concern the subject. */
  readonly statements: readonly AuditedStatement[];
  /** How many others it carries. */
  readonly others: number;
}

/** A stretch of the ledger between two seals. */
export interface AuditedEpoch {
  readonly number: number;
  /** The seal that opened it; null for the first one. */
  readonly opened: SealSeen | null;
  /** The seal that closed it: nothing enters it any more; null while it is open. */
  readonly sealed: SealSeen | null;
}

export interface SealSeen {
  readonly block: number;
  readonly txId: string;
  /** When the institute signed it. */
  readonly date: Instant;
  readonly by: string;
}

/** How a statement concerns the subject. */
export type Concern =
  /** It is about it. */
  | 'subject'
  /** It is about one of the device's reports. */
  | 'its-report'
  /** The organisation made it. */
  | 'author'
  /** Its key signed. */
  | 'signer'
  /** It names it. */
  | 'named';

export interface AuditedStatement {
  /** `report`, `revocation`, ...: its type without the version. */
  readonly what: string;
  readonly concerns: readonly Concern[];
  readonly subject: { readonly kind: string; readonly id: string };
  /** The organisation that made it. */
  readonly author: string;
  readonly number: number;
  /** When it was signed, by its signers' word. */
  readonly date: string;
  /** SHA-256 of what was signed, hex. */
  readonly digest: string;
  /** Who signed: `technician:lab-alpha/t-17`. */
  readonly signers: readonly string[];
  /** What a reader needs of its content. */
  readonly details: StatementDetails;
}

export interface StatementDetails {
  /** Of a report or a decision about one. */
  readonly device?: string;
  readonly report?: string;
  /** Of a registration or a transfer. */
  readonly owner?: string;
  /** Of a report: days of the work. */
  readonly begin?: string;
  readonly end?: string;
  /** Of a revocation, suspension or review. */
  readonly reason?: string;
  readonly effective?: string;
  /** The report that it replaces. */
  readonly supersedes?: string;
  /** Of a registration: it brings a further key or certificate, or other duties, of what is registered already. */
  readonly renews?: 'true';
  /** Of a confirmation: whether a transcription equals its original; false takes back that it does. */
  readonly equal?: 'true' | 'false';
  /** Of a vouching: kinds of quantity, and how sound their results are. `unsound` takes back what was said before. */
  readonly judged?: string;
  /** Of a report: kinds of quantity of which the device was out of its limits. */
  readonly outOfLimits?: string;
  readonly adjusted?: 'true';
  /** Of a consent or a reduced accreditation: its last day. */
  readonly until?: string;
}

/** What was known when. */
export interface Known {
  /** The moment that was asked about. */
  readonly at: Instant;
  /** The device whose verdict it is: of a report its device; null for people and organisations, which have no verdict. */
  readonly device: string | null;
  /** By what the ledger held then, as far as these blocks go. */
  readonly then: VerdictSeen | null;
  /** By what these blocks hold in all. */
  readonly today: VerdictSeen | null;
}

export interface VerdictSeen {
  readonly status: VerdictStatus;
  readonly asOf: Instant;
  /** The check that decided; null if it is traceable. */
  readonly check: string | null;
  /** One sentence. */
  readonly reason: string;
}

/** Where a device comes from, whose it was, and where it was calibrated: a by-product of the statements about it. */
export interface Provenance {
  readonly maker: Maker | null;
  /** The first one first. */
  readonly owners: readonly Owner[];
  /** Its calibrations: where it was meanwhile, as the laboratory's technician says. */
  readonly stays: readonly Stay[];
}

export interface Maker {
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  /** It is registered under a pseudonym, which withholds these. */
  readonly pseudonymous?: true;
  /** The organisation that registered it, and when. */
  readonly registeredBy: string;
  readonly registered: Instant | null;
  readonly txId: string;
}

export interface Owner {
  readonly organisation: string;
  /** From when the ledger held it for the owner. */
  readonly from: Instant | null;
  readonly txId: string;
}

/** A calibration: away from its owner if it was done at the laboratory. */
export interface Stay {
  readonly laboratory: string;
  readonly report: string;
  /** The earlier report of the same work that this one replaces. */
  readonly replaces: string | null;
  /** `laboratory`, `on-site` with the device's owner, or `own`: its owner calibrated it. */
  readonly place: string;
  /** Days of the work: it left on the first at the latest, and returned on the last at the earliest. */
  readonly begin: string;
  readonly end: string;
  readonly txId: string;
  /** The owner's decision about the report: it checked the device on its return; null while it has made none. */
  readonly checked: StatementSeen | null;
  /** That the report was revoked; null if it stands. */
  readonly revoked: StatementSeen | null;
}

export interface StatementSeen {
  readonly what: string;
  readonly by: string;
  readonly date: string;
  readonly txId: string;
}

/** The part of a verdict that an audit shows. */
export function verdictSeen({ status, asOf, check, reason }: Verdict): VerdictSeen {
  return { status, asOf, check, reason };
}
