import { dateOf, newDeviceSchema, parseAs, RegistryError } from '../model/index.js';
import type { Device, DeviceFile, NewDevice } from '../model/index.js';
import { imprinted } from '../trace/index.js';
import { EVENTS } from './api.js';
import type { Announcement, DeviceSummary } from './api.js';
import { certificationChain, requireStanding } from './caller.js';
import type { Caller } from './caller.js';
import { keys } from './keys.js';
import { requireLanes } from './lanes.js';
import { refuseRemarks } from './refusal.js';
import { required } from './state.js';
import type { StateWriter } from './state.js';

/** Registers a device, whose key a technician certified when he imprinted it. */
export async function registerDevice(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('registrar');
  const wanted = parseAs<NewDevice>(newDeviceSchema, 'device', json);
  if (await state.device(wanted.id)) {
    throw new RegistryError('ALREADY_EXISTS', `device ${wanted.id} is registered already.`);
  }
  const chain = await certificationChain(state, wanted.organisation);
  caller.actsFor(chain, state.now);
  const technician = await required('technician', wanted.technician, state.technician(wanted.technician));
  const roster = chain[0]?.technicians ?? {};
  const entry = Object.hasOwn(roster, wanted.technician) ? roster[wanted.technician] : undefined;
  requireStanding(`technician ${wanted.technician}`, entry?.statements ?? [], state.now);
  const device: Device = { ...wanted, technicianCertificate: technician.certificate, registered: state.stamp };
  refuseRemarks(
    'CERTIFICATE_INVALID',
    imprinted(device, { organisations: chain, missing: null }, dateOf(state.now), true),
  );

  const owner = await required('organisation', wanted.owner, state.organisation(wanted.owner));
  await requireLanes(
    state,
    [...chain.slice(0, 1), owner].map(({ organisation }) => organisation.mspId),
  );
  await write(state, device);
  return state.announce({ type: EVENTS.deviceRegistered, id: device.id });
}

async function write(state: StateWriter, device: Device): Promise<void> {
  const { id, kind, serial, model, manufacturer, owner } = device;
  const file: DeviceFile = { device, statements: [], reports: {} };
  // What never changes about a device stands in its indexes, so that a search reads no files.
  const summary: DeviceSummary = { id, kind, serial, model, manufacturer, owner };
  await state.write(keys.device(id), file);
  await state.write(keys.serial(serial, id), summary);
  await state.write(keys.owner(owner, id), summary);
}
