import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const COMPILED_TEST = /\.test\.(?:d\.ts|js|js\.map)$/;

/**
 * Deletes compiled tests whose source is gone: the compiler keeps them, and mocha would run them.
 *
 * @param tests Folder with the sources; the compiled tests are in its `dist`.
 */
export function removeStaleTests(tests) {
  const dist = join(tests, 'dist');
  if (!existsSync(dist)) return;
  for (const path of readdirSync(dist, { recursive: true })) {
    if (!COMPILED_TEST.test(path)) continue;
    if (!existsSync(join(tests, path.replace(COMPILED_TEST, '.test.ts')))) rmSync(join(dist, path));
  }
}
