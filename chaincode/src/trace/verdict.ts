import type { CalendarDate, Instant } from '../model/index.js';

/** What a verdict can be about. Names are API: clients and proof bundles carry them. */
export const CHECK_NAMES = [
  'registered',
  'payload',
  'identity',
  'digest',
  'amendment',
  'signatories',
  'technician-signature',
  'technician-certified',
  'technician-authorised',
  'organisation-certified',
  'device-certified',
  'parent-signature',
  'parent-standard',
  'standing',
  'chronology',
  'interval',
  'self-calibration',
  'root',
  'scope',
  'quantity',
  'range',
  'results',
  'uncertainty',
  'paper-certificate',
  'parent-registered',
  'freshness',
  'limits',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * - `TRACEABLE`: every edge holds up to roots of NMIs.
 * - `ATTESTED`: sound, but an edge rests on a paper certificate that only its signatories vouch for.
 * - `INCOMPLETE`: nothing is wrong with what is there, but a parent, its results or their uncertainty is missing.
 * - `FAILED`: an edge does not hold.
 */
export const VERDICT_STATUSES = ['TRACEABLE', 'ATTESTED', 'INCOMPLETE', 'FAILED'] as const;
export type VerdictStatus = (typeof VERDICT_STATUSES)[number];

export type FindingOutcome = 'note' | 'attested' | 'missing' | 'failed';

/** What a check has to say about an edge. A check that holds says nothing. */
export interface Finding {
  readonly check: CheckName;
  readonly outcome: FindingOutcome;
  /** One sentence. */
  readonly reason: string;
}

/** A step of the trace: from what relies on it (`child`, or the device itself at level 1) to a report. */
export interface Edge {
  /** 1 for the traced device's current report, 2 for its parents, and so on. */
  readonly level: number;
  /** The report that cites this one; null at level 1. */
  readonly child: string | null;
  /** The report as cited; null where there is none (a paper certificate, a device without a report). */
  readonly report: string | null;
  /** The report that amends it, if it was amended: the trace goes on from there. */
  readonly amendedBy: string | null;
  readonly device: string | null;
  readonly organisation: string | null;
  readonly technician: string | null;
  readonly performed: CalendarDate | null;
  readonly outcome: 'sound' | 'attested' | 'missing' | 'failed';
  readonly findings: readonly Finding[];
}

/** The newest heartbeat of a root's NMI: how fresh the records were that the verdict rests on. */
export interface HeartbeatSeen {
  readonly nmi: string;
  readonly sequence: number;
  readonly time: Instant;
}

export interface Verdict {
  readonly registry: string;
  readonly device: string;
  readonly asOf: Instant;
  readonly status: VerdictStatus;
  /** One sentence: why the status is what it is. */
  readonly reason: string;
  /** Longest chain of reports, counted in reports. */
  readonly levels: number;
  /** NMIs at the roots, sorted. */
  readonly roots: readonly string[];
  readonly heartbeats: readonly HeartbeatSeen[];
  /** False if the caller left signatures out (to measure their cost): such a verdict proves nothing. */
  readonly signaturesChecked: boolean;
  /** About the verdict as a whole (its freshness); empty if there is nothing to say. */
  readonly findings: readonly Finding[];
  /** In the order they were walked, depth first; a report reached twice has its parents walked once. */
  readonly edges: readonly Edge[];
}
