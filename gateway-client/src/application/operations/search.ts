import type { DeviceSummary } from '@tracecal/core/contracts';
import { registrantOf } from '@tracecal/core/model';
import type { TraceCal } from '../../client/index.js';
import { all } from '../all.js';
import { together } from '../together.js';
import { findSubjects } from './ids.js';
import type { Catalogue } from './ids.js';
import { ownedDevices } from './ownedDevices.js';
import { slug } from './slug.js';

/** Search criteria; a device must match all that are given. */
export interface Search {
  readonly serial?: string;
  readonly owner?: string;
  /** The number of a certificate, or the id of a report. */
  readonly certificate?: string;
  /** The organisation that calibrated it; only accepted reports count. */
  readonly laboratory?: string;
  /** Part of the model's name, in small or capital letters. */
  readonly model?: string;
  readonly kind?: DeviceSummary['kind'];
  /** A kind of quantity for which it is calibrated now. */
  readonly quantity?: string;
}

/** A device, with the reports by which a search by certificate or laboratory found it. */
export interface FoundDevice extends DeviceSummary {
  readonly reports?: readonly string[];
}

/** The ledger queries needed for a search. */
export type SearchReader = Pick<TraceCal, 'affectedDevices' | 'findDevices' | 'getDevice' | 'getReport'>;

/** Whether the ledger has an index for one of them: the other criteria are filters. */
export function isIndexed({ serial, owner, certificate, laboratory }: Search): boolean {
  return [serial, owner, certificate, laboratory].some((each) => each !== undefined);
}

/**
 * Devices that match all criteria. Without an indexed criterion, the devices of some owners are filtered.
 *
 * @param owners - Owners of the devices to filter in that case.
 */
export async function findDevices(
  catalogue: Catalogue,
  reader: SearchReader,
  search: Search,
  owners: readonly string[],
): Promise<readonly FoundDevice[]> {
  const candidates = await candidatesOf(catalogue, reader, search, owners);
  const fitting = candidates.filter((device) => fits(device, search));
  const { quantity } = search;
  if (quantity === undefined) {
    return fitting;
  }
  const calibrated = await together(fitting, async ({ id }) => {
    const { current } = await reader.getDevice(id);
    return current.some(({ quantities }) => quantities.includes(quantity));
  });
  return fitting.filter((_, place) => calibrated[place]);
}

/** By the narrowest index. */
async function candidatesOf(
  catalogue: Catalogue,
  reader: SearchReader,
  { serial, owner, certificate, laboratory }: Search,
  owners: readonly string[],
): Promise<readonly FoundDevice[]> {
  if (certificate !== undefined) {
    return ofCertificate(catalogue, reader, certificate, laboratory);
  }
  const bySerialOrOwner =
    serial !== undefined
      ? await all(reader.findDevices({ serial }))
      : owner !== undefined
        ? await ownedDevices(reader, [owner])
        : undefined;
  if (laboratory === undefined) {
    return bySerialOrOwner ?? ownedDevices(reader, owners);
  }
  const calibrated = await calibratedBy(reader, laboratory);
  const wanted = bySerialOrOwner?.map(({ id }) => id);
  const found = [...calibrated].filter(([id]) => wanted === undefined || wanted.includes(id));
  return together(found, async ([id, reports]) => ({ ...(await summary(reader, id)), reports }));
}

async function ofCertificate(
  catalogue: Catalogue,
  reader: SearchReader,
  certificate: string,
  laboratory: string | undefined,
): Promise<readonly FoundDevice[]> {
  // Reports of imported certificates have the certificate's number in the form of an id.
  const names = new Set([certificate, slug(certificate)].filter((name) => name !== undefined));
  const found = await Promise.all([...names].map((name) => findSubjects(catalogue, name, ['report'])));
  const reports = [...new Set(found.flat().map(({ id }) => id))];
  const meant = reports.filter((id) => laboratory === undefined || registrantOf(id) === laboratory);
  return together(meant, async (id) => {
    const { body } = await reader.getReport(id);
    return { ...(await summary(reader, body.device)), reports: [id] };
  });
}

/** Devices with a laboratory's own reports. The ledger's list of its dependants contains more, so filter it. */
async function calibratedBy(reader: SearchReader, laboratory: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for await (const { device, reports } of reader.affectedDevices({ kind: 'organisation', id: laboratory })) {
    const own = reports.filter((id) => registrantOf(id) === laboratory);
    if (own.length > 0) {
      found.set(device, [...new Set([...(found.get(device) ?? []), ...own])]);
    }
  }
  return found;
}

async function summary(reader: SearchReader, id: string): Promise<DeviceSummary> {
  const { kind, serial, model, manufacturer, owner, pseudonym } = await reader.getDevice(id);
  return { id, kind, serial, model, manufacturer, owner, ...(pseudonym && { pseudonymous: true }) };
}

function fits(device: DeviceSummary, { serial, owner, model, kind }: Search): boolean {
  return (
    (serial === undefined || device.serial === serial) &&
    (owner === undefined || device.owner === owner) &&
    (model === undefined || device.model.toLowerCase().includes(model.toLowerCase())) &&
    (kind === undefined || device.kind === kind)
  );
}
