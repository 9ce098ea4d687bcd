import type { DeviceSummary } from '@tracecal/core/contracts';
import { registrantOf } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { all } from '../all.js';
import { ApplicationError } from '../errors.js';
import { ownId } from '../operations/ids.js';
import { slug } from '../operations/slug.js';
import type { CalibratedItem } from './candidate.js';
import type { ImportRole } from './importRole.js';
import { compareMakers, compareModels, contradictMakers, contradictModels, contradictSerials } from './sameMaker.js';

/** The registered device that a certificate is about; absent: it is new. */
export interface FoundDevice {
  readonly device?: DeviceSummary;
  readonly notes: readonly string[];
}

/**
 * Finds the device among all registered devices: serial number, maker and model must agree. A partial match is neither taken nor ignored,
 * because a recalibration would silently create a second device or be attached to another one.
 *
 * @throws ApplicationError `INPUT_INVALID` if only a person can decide
 */
export async function registeredDevice(reader: TraceCal, item: CalibratedItem, role: ImportRole): Promise<FoundDevice> {
  if (role.isNewDevice) {
    return { notes: newNotes(item) };
  }
  if (role.device !== undefined) {
    return namedDevice(await reader.getDevice(role.device), item);
  }
  const found = await all(reader.findDevices({ serial: item.serial }));
  const judged = found.map((device) => ({ device, likeness: likenessOf(device, item, role) }));
  const agreeing = judged.filter(({ likeness }) => likeness === 'agrees').map(({ device }) => device);
  const doubtful = judged.filter(({ likeness }) => likeness === 'doubtful').map(({ device }) => device);
  const [device, other] = agreeing;
  if (device && !other) {
    return { device, notes: isConcerned(device, role) ? [] : [takenNote(device)] };
  }
  const choice = device ? agreeing : doubtful;
  if (choice.length > 0) {
    throw new ApplicationError('INPUT_INVALID', questionOf(choice, item));
  }
  return { notes: newNotes(item) };
}

/** A device without a number cannot be found by any later certificate. */
function newNotes({ isNumbered, serial }: CalibratedItem): readonly string[] {
  return isNumbered
    ? []
    : [
        `The certificate states no serial number of its item, nor another one (ISO/IEC 17025, 7.8.2.1 g): its device is registered as "${serial}". Give later certificates of it with --device.`,
      ];
}

/** The properties by which a certificate identifies a device. */
export type DeviceIdentity = Pick<DeviceSummary, 'serial' | 'manufacturer' | 'model'>;

type Likeness = 'agrees' | 'doubtful' | 'other';

/** Each maker numbers its own devices, so a serial number alone does not identify another maker's device. */
function likenessOf(device: DeviceSummary, item: CalibratedItem, role: ImportRole): Likeness {
  const maker = compareMakers(device.manufacturer, item.manufacturer);
  const model = compareModels(device.model, item.model);
  const isContradicted = maker === 'other' || model === 'other';
  if (isConcerned(device, role)) {
    return isContradicted ? 'doubtful' : 'agrees';
  }
  if (maker === 'other' || (maker !== 'same' && model !== 'same')) {
    return 'other';
  }
  return maker === model ? 'agrees' : 'doubtful';
}

function isConcerned({ id, owner }: DeviceSummary, { technician, imprinter, owner: own }: ImportRole): boolean {
  return [technician, imprinter].map(registrantOf).includes(registrantOf(id)) || owner === own;
}

function takenNote({ id, owner }: DeviceSummary): string {
  return `It is about device ${id}, which ${owner} owns: serial number, maker and model agree.`;
}

/** Accepts the device that a person names, and reports what contradicts it. */
function namedDevice(device: DeviceSummary, item: CalibratedItem): FoundDevice {
  const differences = differencesOf(device, item);
  const note = `It is about device ${device.id} because --device says so: its ${differences.join(', its ')}.`;
  return { device, notes: differences.length === 0 ? [] : [note] };
}

function questionOf(choice: readonly DeviceSummary[], item: CalibratedItem): string {
  const [first] = choice;
  const named = choice.map((device) => {
    const differences = differencesOf(device, item);
    return differences.length === 0 ? device.id : `${device.id} (its ${differences.join(', its ')})`;
  });
  return `Its device may be ${named.join(' or ')}, with the same serial number. Import the certificate alone with --device ${first?.id ?? 'ID'} if it is that one, or with --new-device if it is not registered yet.`;
}

/** Statements of a certificate about its item that cannot be true of a device; empty if it can be that device. */
export function differencesOf(device: DeviceIdentity, item: CalibratedItem): readonly string[] {
  const isSameSerial = !item.isNumbered || !contradictSerials(item.numbers, device.serial);
  const facts = [
    ['serial number', device.serial, item.serial, isSameSerial],
    ['maker', device.manufacturer, item.manufacturer, !contradictMakers(device.manufacturer, item.manufacturer)],
    ['model', device.model, item.model, !contradictModels(device.model, item.model)],
  ] as const;
  return facts.flatMap(([name, own, stated, isAlike]) => (isAlike ? [] : [`${name} is ${own}, not ${stated}`]));
}

/** @param taken - Ids that other items of the certificate get. */
export async function freeDeviceId(
  reader: TraceCal,
  organisation: string,
  { id, manufacturer, serial }: CalibratedItem,
  taken: ReadonlySet<string>,
): Promise<string> {
  for (const name of [id, slug(`${manufacturer}-${serial}`) ?? id]) {
    const device = ownId(organisation, name);
    if (!taken.has(device) && !(await undefinedIfNotFound(reader.getDevice(device)))) {
      return device;
    }
  }
  throw new ApplicationError('INPUT_INVALID', `The ids that device ${id} could have are taken.`);
}
