import type { CalendarDate, DeviceFile, OrganisationFile, Report, ReportPayload } from '../../model/index.js';
import type { TraceOptions } from '../options.js';
import type { CheckName, FindingOutcome } from '../verdict.js';

/**
 * One thing that has to hold. A check looks at records and returns what it has to say; silence means that it holds.
 * To add one: write its file, name it in `CHECK_NAMES` (verdict.ts), list it in `checks/index.ts`.
 */
export interface Check {
  readonly name: CheckName;
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
  readonly record: Report;
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

/** A report by the device it is filed under. */
export interface Reference {
  readonly device: string;
  readonly report: string;
}

/** A report that was named somewhere. */
export interface Citation {
  /** The report that is named. */
  readonly cited: OpenedReport;
  /** The report that counts: the cited one, or what amends it. */
  readonly report: OpenedReport;
}

/** A report, and another that relies on it: the subject of every check. */
export interface Link extends Citation {
  /** What relies on it; null for the traced device itself. */
  readonly reliant: OpenedReport | null;
  /** The reports that it rests on itself, as far as they could be opened. None where the walk does not go on to them. */
  readonly parents: readonly OpenedReport[];
  /** The way from the traced device here, this report left out. */
  readonly path: readonly Reference[];
  /** Its device, and those above it if it was walked before. */
  readonly devices: ReadonlySet<string>;
}

export function failed(reason: string): readonly Remark[] {
  return [{ outcome: 'failed', reason }];
}

export function missing(reason: string): readonly Remark[] {
  return [{ outcome: 'missing', reason }];
}

export function note(reason: string): readonly Remark[] {
  return [{ outcome: 'note', reason }];
}

export const holds: readonly Remark[] = [];

/** What is found on the first of these days on which anything is. */
export function onFirst(
  days: readonly CalendarDate[],
  examine: (day: CalendarDate) => readonly Remark[],
): readonly Remark[] {
  return days.map(examine).find((remarks) => remarks.length > 0) ?? holds;
}
