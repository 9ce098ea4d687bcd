import { embeddedEngine } from '../support/engineEmbedded.js';
import { mostByChance, successOf } from '../support/guesser.js';
import { ObservedReads, WAYS } from '../support/observedReads.js';
import { ProvenDevice } from '../support/provenDevice.js';
import { Random } from '../support/random.js';
import { withReaders } from '../support/readers.js';
import { runSeed } from '../support/seed.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

const SIGNIFICANCE = 0.001;

/**
 * How often a guesser who sees all bytes and times of reads finds out what they are about. Half of the reads are learnt from.
 *
 *     node --enable-source-maps test/dist/bench/guesser.js [reads each way, 1000 by default]
 */
async function main(): Promise<void> {
  const all = Number(process.argv[2] ?? 1000);
  const proven = await ProvenDevice.start(embeddedEngine, withReaders());
  const reads = await ObservedReads.start(proven);
  try {
    for (const way of WAYS) {
      const subjects = way.endsWith('identity') ? 3 : reads.devices.length;
      const begun = performance.now();
      const success = successOf(await reads.observe(way, Math.ceil(all / subjects), new Random(runSeed)));
      const ms = (performance.now() - begun) / success.of / 2;
      const { right, of, chance } = success;
      console.log(
        `${way}: ${right} of ${of} right (${((100 * right) / of).toFixed(1)} %), chance ${(100 * chance).toFixed(1)} %, at most ${mostByChance(success, SIGNIFICANCE)} by chance; ${ms.toFixed(1)} ms a read`,
      );
    }
  } finally {
    await reads.stop();
    await proven.stop();
    removeTemporaryFolders();
  }
}

void main();
