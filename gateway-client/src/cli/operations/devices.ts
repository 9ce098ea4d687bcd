import { newDeviceSchema } from '@tracecal/chaincode/model';
import type { DeviceKind } from '@tracecal/chaincode/model';
import type { Announced } from '../../client/index.js';
import { refuseRegistered } from '../ifThere.js';
import type { Session } from '../session.js';
import { requireShape } from './shape.js';

export interface DeviceSpec {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  /** Who imprints it: his organisation registers it. */
  readonly technician: string;
  /** His organisation if it is not given. */
  readonly owner?: string;
  readonly intervalDays?: number;
}

/** Imprints a device (makes its key, certified by the technician) and registers it. */
export async function addDevice(session: Session, spec: DeviceSpec): Promise<Announced> {
  const { owner, intervalDays = null, ...device } = spec;
  const organisation = await session.organisationOf(spec.technician);
  await refuseRegistered('device', spec.id, (await session.reader()).getDevice(spec.id));
  const wanted = { ...device, organisation, owner: owner ?? organisation, intervalDays };
  requireShape(newDeviceSchema, 'device', wanted);
  const certificate = await session.keys.device(spec.id, organisation, spec.technician);
  const writer = await session.writerFor(organisation);
  return writer.registerDevice({ ...wanted, certificate });
}
