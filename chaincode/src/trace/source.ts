import type { DeviceFile, Heartbeat, Lineage, OrganisationFile } from '../model/index.js';

/**
 * Where a trace reads its records: the peer's state, a map, whatever holds them. The same records give the same verdict,
 * byte for byte, whichever it is. A record is read whole in one call, because on a peer every call costs.
 */
export interface RecordSource {
  /** The registry (channel) the records belong to. */
  readonly registry: string;
  device(id: string): Promise<DeviceFile | undefined>;
  organisation(id: string): Promise<OrganisationFile | undefined>;
  heartbeat(nmi: string): Promise<Heartbeat | undefined>;
  /** Told what will likely be read next, a source may fetch it at once. No verdict depends on it. */
  foresee?(lineage: Lineage): Promise<void>;
}
