import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withOnlyFiles } from '../../files/index.js';
import { HEAD_FILE } from '../../proof/verify/log/files.js';
import type { GateFiles } from './checkGate.js';
import { devicesOf } from './setFile.js';

/** Another text for another head of the change log. */
export function headOf({ log }: Pick<GateFiles, 'log'>): Promise<string> {
  return log === undefined ? Promise.resolve('') : stampOf(join(log, HEAD_FILE));
}

/** Another text if any file is another that a gate decides from. Nothing is read but the set. */
export async function stampsOf(files: GateFiles): Promise<string> {
  const { devices, trust, directives, override, operator } = files;
  const set = typeof devices === 'string' ? devices : undefined;
  const bundles = await withOnlyFiles(() => devicesOf(files)).catch(() => []);
  const directed = directives === undefined ? [] : await readdir(directives).catch(() => []);
  const paths = [
    ...[trust, set, override, operator, directives].flatMap((path) => path ?? []),
    ...bundles.map(({ bundle }) => bundle),
    ...directed.map((name) => join(directives ?? '', name)),
  ];
  const stamps = [await headOf(files)];
  for (const path of paths) {
    stamps.push(`${path} ${await stampOf(path)}`);
  }
  return stamps.join('\n');
}

async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${ino}/${size}/${mtimeNs}/${ctimeNs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
