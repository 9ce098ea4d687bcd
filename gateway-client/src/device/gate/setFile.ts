import { dirname, resolve } from 'node:path';
import { parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import * as z from 'zod/mini';
import { exactText } from '../../client/exactText.js';

export const GATE_SET_TYPE = 'tracecal-gate-set/1';
const MOST_BYTES = 1_048_576;
export const MOST_DEVICES_OF_A_SET = 1000;

const text = z.string().check(z.minLength(1), z.maxLength(4096));
const shape = z.strictObject({
  type: z.literal(GATE_SET_TYPE, `must be "${GATE_SET_TYPE}"`),
  devices: z
    .array(z.strictObject({ device: z.string().check(z.minLength(1), z.maxLength(256)), bundle: text }))
    .check(z.minLength(1, 'must name at least one device'), z.maxLength(MOST_DEVICES_OF_A_SET)),
});

/** A device, and the file of its bundle. */
export interface DeviceFile {
  readonly device: string;
  readonly bundle: string;
}

/**
 * Devices that are used together, as the sensors of one robot. Paths are those from the folder of the file.
 *
 * @throws TraceCalError `FILE_UNREADABLE`, `INPUT_INVALID`; RegistryError `JSON_INVALID`, `INPUT_INVALID`
 */
export async function readGateSet(path: string): Promise<readonly DeviceFile[]> {
  const { devices } = shapeOf(shape, `set in ${path}`, parseJson(await exactText(path, MOST_BYTES)));
  const names = devices.map(({ device }) => device);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice !== undefined) {
    throw new RegistryError('INPUT_INVALID', `the set in ${path} names ${twice} twice: name every device once.`);
  }
  return devices.map(({ device, bundle }) => ({ device, bundle: resolve(dirname(path), bundle) }));
}
