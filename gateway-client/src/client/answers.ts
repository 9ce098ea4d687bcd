import type {
  DeviceFile,
  OrganisationFile,
  Technician,
  Report,
  ReportPayload,
  Statement,
  SubjectKind,
} from '@tracecal/chaincode/model';
import type { Verdict } from '@tracecal/chaincode/trace';

/** A report as the registry answers it: the record, and what was signed in readable form. */
export interface RegisteredReport extends Report {
  readonly payload: ReportPayload;
}

/** A page of a list; `bookmark` asks for the next one and is empty after the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly bookmark: string;
}

/** Something that rests on what was revoked. */
export interface Affected {
  readonly device: string;
  readonly report: string;
  /** 1: calibrated with it directly. */
  readonly distance: number;
}

/** What was said and done about a subject, oldest first. */
export interface HistoryEntry {
  readonly txId: string;
  readonly time: string;
  readonly kind: SubjectKind;
  readonly statement: Statement | null;
}

/** What the registry answers to each of its evaluations. */
export interface Answers {
  readonly traceCal: Verdict;
  readonly getDevice: DeviceFile;
  readonly getOrganisation: OrganisationFile;
  readonly getTechnician: Technician;
}
