import { registrantOf } from '@tracecal/core/model';
import type { DeviceKind, Imprint, StatementOf } from '@tracecal/core/model';
import type { PseudonymFile } from '@tracecal/core/pseudonym';
import { signerName } from '@tracecal/core/signing';
import { certificateDigest, newStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import type { Session } from '../session/session.js';
import { requireEmployer, requireOwner } from './actor.js';
import { statedOfDevice } from './pseudonyms.js';
import { refuseRegistered, requireOrganisation } from './registered.js';
import { settle } from './settle.js';
import type { Renewed } from './settle.js';
import { sign } from './sign.js';

export interface DeviceSpec {
  /** The whole id: `lab-alpha/sensor-17`; of a pseudonym, its id. */
  readonly id: string;
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  /** Who imprints it: their organisation registers it. */
  readonly technician: string;
  /** The technician's organisation if it is not given. */
  readonly owner?: string;
  readonly intervalDays?: number;
  /** It is registered under this pseudonym, which withholds what its scopes do not make public. */
  readonly pseudonym?: PseudonymFile;
}

/** Imprints a device: makes its key, certified by the technician, and signs its registration as technician, device and owner. */
export async function deviceItem(session: Session, spec: DeviceSpec): Promise<Item> {
  const { id, owner, intervalDays = null, pseudonym, ...device } = spec;
  requireEmployer(session, spec.technician);
  const organisation = registrantOf(spec.technician);
  const wanted = {
    ...device,
    owner: owner ?? organisation,
    intervalDays,
    ...(pseudonym && statedOfDevice(pseudonym)),
  };
  const registry = await session.registry();
  // Check the shape first, so that no key is made for a statement that the registry would refuse.
  imprintOf(registry, id, { ...wanted, certificateSha256: '0'.repeat(64) });
  await refuseRegistered('device', id, (await session.reader()).getDevice(id));
  await requireOrganisation(session, wanted.owner);
  await settle(session, 'technician', spec.technician);
  const certificate = await session.keys.device(id, spec.technician);
  const statement = imprintOf(registry, id, { ...wanted, certificateSha256: certificateDigest(certificate) });
  return { statement: await sign(session, statement), certificate };
}

/**
 * Signs a further certificate of a registered device, for its key or a new one, as technician, device and owner.
 * @param technician - The certifier; by default the previous one.
 */
export async function renewDevice(
  session: Session,
  id: string,
  { technician: given, newKey }: { readonly technician?: string; readonly newKey: boolean },
): Promise<Renewed> {
  const reader = await session.reader();
  const registered = await reader.getDevice(id);
  const { kind, serial, model, manufacturer, owner, intervalDays, technician: before, pseudonym } = registered;
  const technician = given ?? before;
  await settle(session, 'technician', technician);
  await settle(session, 'device', id);
  const number = await reader.nextNumber(registrantOf(id), { kind: 'device', id });
  const { certificate, signer } = await session.keys.deviceRenewal(id, technician, newKey);
  const body = {
    ...{ kind, serial, model, manufacturer, owner, intervalDays, technician },
    ...(pseudonym && { pseudonym }),
  };
  const statement = imprintOf(
    await session.registry(),
    id,
    { ...body, certificateSha256: certificateDigest(certificate) },
    number,
  );
  return {
    item: { statement: await sign(session, statement, { [signerName('device', id)]: signer }), certificate },
    done: () => settle(session, 'device', id),
  };
}

function imprintOf(registry: string, id: string, body: Imprint, number = 0): StatementOf<'device'> {
  return newStatement('device', {
    registry,
    author: registrantOf(body.technician),
    number,
    subject: { kind: 'device', id },
    body,
  });
}

/** Signs a new recalibration interval, as the device's owner; null: none. */
export async function intervalItem(session: Session, id: string, intervalDays: number | null): Promise<Item> {
  const reader = await session.reader();
  const { owner } = await reader.getDevice(id);
  requireOwner(session, id, owner);
  const statement = newStatement('interval', {
    registry: await session.registry(),
    author: owner,
    number: await reader.nextNumber(owner, { kind: 'device', id }),
    subject: { kind: 'device', id },
    body: { intervalDays },
  });
  return { statement: await sign(session, statement) };
}

/** Signs that a device changes hands, as both owners. */
export async function transferItem(
  session: Session,
  id: string,
  to: string,
  intervalDays: number | null,
): Promise<Item> {
  const reader = await session.reader();
  const { owner } = await reader.getDevice(id);
  requireOwner(session, id, owner);
  const statement = newStatement('transfer', {
    registry: await session.registry(),
    author: owner,
    number: await reader.nextNumber(owner, { kind: 'device', id }),
    subject: { kind: 'device', id },
    body: { to, intervalDays },
  });
  return { statement: await sign(session, statement) };
}
