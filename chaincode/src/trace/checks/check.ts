import type { DeviceFile, OrganisationFile, Report, ReportPayload } from '../../model/index.js';
import type { TraceOptions } from '../options.js';
import type { CheckName, FindingOutcome } from '../verdict.js';

/**
 * One thing that has to hold. A check looks at records and returns what it has to say; silence means that it holds.
 * To add one: write its file, name it in `CHECK_NAMES` (verdict.ts), list it in `checks/index.ts`.
 */
export interface Check {
  readonly name: CheckName;
  /** What a silent check proves, in one sentence. */
  readonly proves: string;
  /** `report`: asked once a report. `citation`: asked for every report that relies on it. */
  readonly about: 'report' | 'citation';
  examine(link: Link, context: TraceContext): readonly Remark[];
}

export interface Remark {
  readonly outcome: FindingOutcome;
  readonly reason: string;
}

export interface TraceContext {
  readonly registry: string;
  readonly options: TraceOptions;
}

/** A report with all the records that it has to be held against. */
export interface OpenedReport {
  readonly id: string;
  readonly file: DeviceFile;
  readonly report: Report;
  readonly payload: ReportPayload;
  /** The issuing organisation and those above it. */
  readonly issuer: CertificationChain;
  /** The organisation whose technician imprinted the device, and those above it. */
  readonly imprinter: CertificationChain;
}

/** An organisation's certification, from itself upwards. */
export interface CertificationChain {
  readonly organisations: readonly OrganisationFile[];
  /** The organisation at which the records end before an NMI, or null. */
  readonly missing: string | null;
}

/** A report relying on another: the subject of every check. */
export interface Link {
  /** What relies on it; null for the traced device itself. */
  readonly child: OpenedReport | null;
  /** The report that the child names. */
  readonly cited: OpenedReport;
  /** The report that counts: the cited one, or what amends it. */
  readonly parent: OpenedReport;
}

export function failed(reason: string): readonly Remark[] {
  return [{ outcome: 'failed', reason }];
}

export function note(reason: string): readonly Remark[] {
  return [{ outcome: 'note', reason }];
}

export const holds: readonly Remark[] = [];
