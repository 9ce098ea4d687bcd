import type {
  Announcement,
  DeviceAnswer,
  EpochAnswer,
  EpochDigestAnswer,
  EvidenceAnswer,
  HeadAnswer,
  OrganisationAnswer,
  OrganisationSummary,
  ParentAnswer,
  PersonAnswer,
  RegistryAnswer,
  ReportAnswer,
  TraceSummaries,
} from '@tracecal/core/contracts';
import type { Entry, HeartbeatRecord } from '@tracecal/core/model';
import type { Doubt, Verdict } from '@tracecal/core/trace';
import type { Committed } from './outcome.js';

/** A committed transaction of the registry, and what it announced. */
export type Announced = Committed<Announcement>;

/** The answers of the registry's evaluations that return JSON without pages. */
export interface Answers {
  readonly traceCal: Verdict;
  readonly traceMany: TraceSummaries;
  readonly getEvidence: EvidenceAnswer;
  readonly getHead: HeadAnswer;
  readonly getRegistry: RegistryAnswer;
  readonly getOrganisation: OrganisationAnswer;
  readonly getOrganisationsOfMsp: readonly OrganisationSummary[];
  readonly getTechnician: PersonAnswer;
  readonly getDevice: DeviceAnswer;
  readonly getReport: ReportAnswer;
  readonly getDoubts: readonly Doubt[];
  readonly getParentReport: readonly ParentAnswer[];
  readonly getConsents: readonly Entry[];
  readonly getReviews: readonly Entry[];
  readonly getConfirmations: readonly Entry[];
  readonly getVouchings: readonly Entry[];
  readonly getHeartbeat: HeartbeatRecord | null;
  readonly getEpoch: EpochAnswer;
  readonly getEpochDigest: EpochDigestAnswer;
}

/** Evaluations that return plain text. */
export type TextAnswer = 'getOrgName' | 'getTechnicianOrganisation' | 'ping';

/** Devices by serial number, or by owner: one of the two. */
export type DeviceSearch = { readonly serial: string } | { readonly owner: string };
