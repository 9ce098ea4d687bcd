import { registrantOf } from '@tracecal/chaincode/model';
import type { DeviceSummary } from '@tracecal/chaincode/registry';
import { undefinedIfNotFound } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import { all } from '../all.js';
import { CliError } from '../errors.js';
import { ownId } from '../operations/ids.js';
import type { CalibratedItem } from './candidate.js';
import type { ImportRole } from './importRole.js';
import { contradictMakers } from './sameMaker.js';
import { slug } from './slug.js';

/** The device as one of those concerned has registered or owns it: what a stranger registers under its number is another. */
export async function registeredDevice(
  reader: TraceCal,
  { serial, manufacturer }: CalibratedItem,
  role: ImportRole,
): Promise<DeviceSummary | undefined> {
  const concerned = [registrantOf(role.technician), registrantOf(role.imprinter)];
  const found = (await all(reader.findDevices({ serial }))).filter(
    (device) =>
      !contradictMakers(device.manufacturer, manufacturer) &&
      (concerned.includes(registrantOf(device.id)) || device.owner === role.owner),
  );
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new CliError(
      'INPUT_INVALID',
      `Its device can be each of ${ids}: issue the report with \`tracecal report issue\`.`,
    );
  }
  return found[0];
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
  throw new CliError('INPUT_INVALID', `The ids that device ${id} could have are taken.`);
}
