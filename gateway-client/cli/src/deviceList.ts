import { IDENTIFIER } from '@tracecal/core/model';
import { ApplicationError, readText } from '@tracecal/gateway-client/application';

/**
 * Ids of devices: those on the command line, and those of a file, one on each line (`-` reads stdin). All are checked before the first one
 * is used; duplicates count once.
 *
 * @throws ApplicationError `USAGE`, `FILE_UNREADABLE` or `INPUT_INVALID`
 */
export async function deviceList(given: readonly string[], file: string | undefined): Promise<readonly string[]> {
  const lines = file === undefined ? [] : (await readText(file)).split(/\r?\n/);
  given.forEach((id) => {
    requireId(id, '');
  });
  const listed = lines.map((line, index) => {
    const id = line.trim();
    if (id !== '') {
      requireId(id, `Line ${index + 1}: `);
    }
    return id;
  });
  const devices = new Set([...given, ...listed.filter((id) => id !== '')]);
  if (devices.size === 0) {
    throw new ApplicationError('USAGE', 'Name devices, or a file of them with --list.');
  }
  return [...devices];
}

function requireId(id: string, where: string): void {
  if (!IDENTIFIER.test(id)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${where}${JSON.stringify(id.slice(0, 40))} cannot be the id of a device.`,
    );
  }
}
