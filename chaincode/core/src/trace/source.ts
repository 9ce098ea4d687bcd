import type {
  DeviceRecord,
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
 * Where a trace reads its records: the peer's state, a map, whatever holds them. The same records give the same verdict,
 * byte for byte, whichever it is.
 */
export interface RecordSource {
  /** The channel on which the registry lives. */
  readonly channel: string;
  /** Who founded the registry, and what the institutes have decided since. */
  founding(): Promise<RegistryRecord | undefined>;
  organisation(id: string): Promise<OrganisationRecord | undefined>;
  person(id: string): Promise<PersonRecord | undefined>;
  device(id: string): Promise<DeviceRecord | undefined>;
  report(id: string): Promise<ReportRecord | undefined>;
  /** The results of one kind of quantity of a report. */
  results(report: string, quantity: string): Promise<readonly Result[] | undefined>;
  /** Acceptances of a report that have left the record of its device, in order: newer ones took their place. */
  settled(device: string, report: string): Promise<readonly OwnerEntry[]>;
  /** An owner's standing consents to what a laboratory reports, in order: each ends the one before. */
  consents(owner: string, laboratory: string): Promise<readonly Entry[]>;
  /** A laboratory's reviews of its reports that rest on an amended one, by the amendment, in order. */
  reviews(amendment: string, laboratory: string): Promise<readonly Entry[]>;
  /** What organisations say who imported the original of a transcription once more, in order. */
  confirmations(report: string): Promise<readonly Entry[]>;
  heartbeat(institute: string): Promise<HeartbeatRecord | undefined>;
  /** What was concluded from these records, or from others like them, a moment ago. Of use for speed only. */
  readonly drawn?: Drawn | undefined;
}
