import type {
  DeviceRecord,
  Disclosure,
  Entry,
  HeartbeatRecord,
  OwnerEntry,
  OrganisationRecord,
  PersonRecord,
  RegistryRecord,
  ReportRecord,
  Result,
} from '../model/index.js';
import type { Drawn } from './open/conclusions.js';

/**
 * The source of a trace's records: the peer's state, a map, or anything else. The same records give the same verdict, byte
 * for byte, from any source.
 */
export interface RecordSource {
  /** The channel on which the registry lives. */
  readonly channel: string;
  /** The founders of the registry, and the institutes' decisions since. */
  founding(): Promise<RegistryRecord | undefined>;
  organisation(id: string): Promise<OrganisationRecord | undefined>;
  person(id: string): Promise<PersonRecord | undefined>;
  device(id: string): Promise<DeviceRecord | undefined>;
  report(id: string): Promise<ReportRecord | undefined>;
  /** The results of one kind of quantity of a report. */
  results(report: string, quantity: string): Promise<readonly Result[] | undefined>;
  /** Acceptances of a report that newer ones replaced in the record of its device, in order. */
  settled(device: string, report: string): Promise<readonly OwnerEntry[]>;
  /** An owner's standing consents to a laboratory's reports, in order; each one ends the previous one. */
  consents(owner: string, laboratory: string): Promise<readonly Entry[]>;
  /** A laboratory's reviews of its reports that depend on an amended one, by the amendment, in order. */
  reviews(amendment: string, laboratory: string): Promise<readonly Entry[]>;
  /** Statements of organisations that imported the original of a transcription again, in order. */
  confirmations(report: string): Promise<readonly Entry[]>;
  /** Statements of organisations that have read confidential results of a report, in order. */
  vouchings(report: string): Promise<readonly Entry[]>;
  heartbeat(institute: string): Promise<HeartbeatRecord | undefined>;
  /** What the asker may know of the confidential results of a report beside the ledger. A peer knows nothing. */
  disclosed?(report: string, quantity: string): Promise<Disclosure | undefined>;
  /** Earlier conclusions from these or similar records. For speed only. */
  readonly drawn?: Drawn | undefined;
}
