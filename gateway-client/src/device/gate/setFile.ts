import { dirname, resolve } from 'node:path';
import { parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import { exactText } from '../../client/exactText.js';

export const GATE_SET_TYPE = 'tracecal-gate-set/1';
const MOST_BYTES = 1_048_576;
export const MOST_DEVICES_OF_A_SET = 1000;

const text = z.string().check(z.minLength(1), z.maxLength(4096));
const devices = z
  .array(z.strictObject({ device: z.string().check(z.minLength(1), z.maxLength(256)), bundle: text }))
  .check(z.minLength(1, 'must name at least one device'), z.maxLength(MOST_DEVICES_OF_A_SET));
const shape = z.strictObject({ type: z.literal(GATE_SET_TYPE, `must be "${GATE_SET_TYPE}"`), devices });
/** What no call may leave out, whatever else it names. */
const named = z.looseObject({
  devices: z.union([text, devices], 'must be the path of a set file, or devices with their bundles'),
  trust: text,
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
  const { devices: all } = shapeOf(shape, `set in ${path}`, parseJson(await exactText(path, MOST_BYTES)));
  const names = all.map(({ device }) => device);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice !== undefined) {
    throw new RegistryError('INPUT_INVALID', `the set in ${path} names ${twice} twice: name every device once.`);
  }
  return all.map(({ device, bundle }) => ({ device, bundle: resolve(dirname(path), bundle) }));
}

/**
 * The devices that a program or a call names, themselves or by a set file.
 *
 * @throws RegistryError `INPUT_INVALID`; as {@link readGateSet}
 */
export async function devicesOf(files: {
  readonly devices: readonly DeviceFile[] | string;
  readonly trust: string;
}): Promise<readonly DeviceFile[]> {
  shapeOf(named, 'call of the gate', files);
  return typeof files.devices === 'string' ? readGateSet(files.devices) : files.devices;
}
