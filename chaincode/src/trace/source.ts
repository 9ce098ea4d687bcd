import type {
  DeviceRecord,
  HeartbeatRecord,
  OrganisationRecord,
  PersonRecord,
  RegistryRecord,
  ReportRecord,
  Result,
} from '../model/index.js';

/**
 * Where a trace reads its records: the peer's state, a map, whatever holds them. The same records give the same verdict,
 * byte for byte, whichever it is.
 */
export interface RecordSource {
  /** The registry (channel) the records belong to. */
  readonly registry: string;
  /** Who founded the registry, and what the institutes have decided since. */
  founding(): Promise<RegistryRecord | undefined>;
  organisation(id: string): Promise<OrganisationRecord | undefined>;
  person(id: string): Promise<PersonRecord | undefined>;
  device(id: string): Promise<DeviceRecord | undefined>;
  report(id: string): Promise<ReportRecord | undefined>;
  /** The results of one kind of quantity of a report. */
  results(report: string, quantity: string): Promise<readonly Result[] | undefined>;
  heartbeat(institute: string): Promise<HeartbeatRecord | undefined>;
}
