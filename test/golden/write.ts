import { isWritten, writeGolden } from './fixtures.js';
import { makeGolden } from './make.js';

/**
 * Writes the newest golden fixtures anew, with new keys: run by hand, before the formats are frozen, and never afterwards.
 */
async function main(): Promise<void> {
  if (isWritten() && !process.argv.includes('--overwrite')) {
    console.error('The golden fixtures are there. They are frozen; --overwrite replaces them all the same.');
    process.exitCode = 2;
    return;
  }
  writeGolden(await makeGolden());
}

void main();
