import type {
  Announcement,
  HistoryEntry,
  ParentAnswer,
  ReportAnswer,
  ReportSummary,
} from '@tracecal/chaincode/registry';
import type { DeviceFile, Heartbeat, OrganisationFile, SubjectKind, Technician } from '@tracecal/chaincode/model';
import type { Verdict } from '@tracecal/chaincode/trace';
import type { Committed } from './outcome.js';

/** A committed transaction of the registry, and what it announced. */
export type Announced = Committed<Announcement>;

/** What the registry answers to each of its evaluations that answer in JSON. */
export interface Answers {
  readonly traceCal: Verdict;
  readonly getReport: ReportAnswer;
  readonly getParentReport: readonly ParentAnswer[];
  readonly getDevice: DeviceFile;
  readonly getOrganisation: OrganisationFile;
  readonly getTechnician: Technician;
  readonly getHeartbeat: Heartbeat | null;
  readonly listReports: readonly ReportSummary[];
  readonly history: readonly HistoryEntry[];
}

/** Evaluations that answer in plain text. */
export type TextAnswer = 'getOrgName' | 'getTechnicianOrganisation' | 'ping';

/** Something that can be revoked, or asked about. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** Devices by serial number, or by owner: one of the two. */
export type DeviceSearch = { readonly serial: string } | { readonly owner: string };
