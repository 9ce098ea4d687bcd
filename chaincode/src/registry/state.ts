import { announce, LedgerReader } from '../contract/index.js';
import type { Key, Stub } from '../contract/index.js';
import { canonicalBytes, RegistryError } from '../model/index.js';
import type { DeviceFile, Heartbeat, Lineage, OrganisationFile, SubjectKind, Technician } from '../model/index.js';
import type { RecordSource } from '../trace/index.js';
import type { Announcement } from './api.js';
import { keys } from './keys.js';

/** Where a report is filed. */
export interface ReportLocation {
  readonly device: string;
}

/** The registry's records, for reading. */
export class StateReader extends LedgerReader implements RecordSource {
  readonly registry: string;

  constructor(stub: Stub) {
    super(stub);
    this.registry = this.channel;
  }

  device(id: string): Promise<DeviceFile | undefined> {
    return this.read(keys.device(id));
  }

  organisation(id: string): Promise<OrganisationFile | undefined> {
    return this.read(keys.organisation(id));
  }

  heartbeat(nmi: string): Promise<Heartbeat | undefined> {
    return this.read(keys.heartbeat(nmi));
  }

  foresee({ devices, organisations, roots }: Lineage): Promise<void> {
    return this.readAhead([
      ...devices.map((id) => keys.device(id)),
      ...organisations.map((id) => keys.organisation(id)),
      ...roots.map((nmi) => keys.heartbeat(nmi)),
    ]);
  }

  technician(id: string): Promise<Technician | undefined> {
    return this.read(keys.technician(id));
  }

  report(id: string): Promise<ReportLocation | undefined> {
    return this.read(keys.report(id));
  }

  async roots(): Promise<readonly string[]> {
    return (await this.read<readonly string[]>(keys.roots())) ?? [];
  }
}

/**
 * Every trace through a device or an organisation reads its record whole: this much takes some 40 ms, and holds about a
 * thousand reports or ten thousand technicians. What is said about them always finds room: a revocation must.
 */
const MAX_RECORD_BYTES = 4_194_304;

/** The registry's records, for transactions. */
export class StateWriter extends StateReader {
  write(key: Key, value: unknown): Promise<void> {
    return this.put(key, canonicalBytes(value));
  }

  /**
   * Writes a record to which something was added that stays for good.
   *
   * @param remedy - What to do about a full one.
   * @throws RegistryError `JSON_TOO_LARGE`
   */
  writeGrown(key: Key, value: unknown, remedy: string): Promise<void> {
    const bytes = canonicalBytes(value);
    if (bytes.length > MAX_RECORD_BYTES) {
      throw new RegistryError(
        'JSON_TOO_LARGE',
        `the record would have ${bytes.length} bytes, and at most ${MAX_RECORD_BYTES} are kept in one: ${remedy}.`,
      );
    }
    return this.put(key, bytes);
  }

  /** Lets only transactions that satisfy this policy write the key from now on. */
  protect(key: Key, policy: Uint8Array): Promise<void> {
    return this.stub.setStateValidationParameter(this.nameOf(key), policy);
  }

  announce(announcement: Announcement): Announcement {
    return announce(this.stub, announcement);
  }
}

/** A record that must be there. @throws RegistryError `NOT_FOUND` */
export async function required<T>(
  kind: SubjectKind,
  id: string,
  record: Promise<T | undefined> | T | undefined,
): Promise<T> {
  const found = await record;
  if (found === undefined) {
    throw new RegistryError('NOT_FOUND', `no ${kind} ${id} is registered here.`);
  }
  return found;
}
