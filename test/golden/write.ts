import { isWritten, writeGolden } from './fixtures.js';
import { makeGolden } from './make.js';

/** Writes the newest golden fixtures, with new keys: run by hand, once for each version. */
async function main(): Promise<void> {
  if (isWritten()) {
    console.error(
      'The newest golden fixtures are written already, and frozen: add the next version to GOLDEN_VERSIONS in test/golden/fixtures.ts. One that no commit has yet may be deleted and written again.',
    );
    process.exitCode = 2;
    return;
  }
  writeGolden(await makeGolden());
}

void main();
