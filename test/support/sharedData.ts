import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Outside test data (certificates of institutes, published vectors) lives beside the checkout, never in it:
 * in `../shared/data`, or where TRACECAL_SHARED_DATA says.
 */
export const sharedDataRoot =
  process.env['TRACECAL_SHARED_DATA'] ?? resolve(__dirname, '..', '..', '..', '..', 'shared', 'data');

/** Skips the suite or test, out loud, if this part of the outside data is absent. Returns its path. */
export function requireSharedData(test: Mocha.Context, ...path: string[]): string {
  const wanted = join(sharedDataRoot, ...path);
  if (!existsSync(wanted)) {
    console.warn(
      `    skipped: the outside data ${path.join('/')} is not here (TRACECAL_SHARED_DATA says where it is).`,
    );
    test.skip();
  }
  return wanted;
}

/** Files of a folder of outside data, by name. */
export function sharedFiles(folder: string): ReadonlyMap<string, Buffer> {
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
}
