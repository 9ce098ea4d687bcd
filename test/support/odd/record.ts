import { writeFileSync } from 'node:fs';
import { Block, METADATA, Metadata } from '@tracecal/ledger/wire';
import { Application } from '../application.js';
import { selectedEngine } from '../engine.js';
import { sharedChannelAlone } from '../scenarioConsortium.js';
import { oddSteps, reversedRanges } from './cases.js';
import { handInAll, serializedBlocks } from './handIn.js';
import { FILE, PREFIX, type RecordedBlock, type Recording } from './recording.js';

/**
 * Has real Fabric judge the odd transactions once more, and writes what it said for the tests that run without it:
 *
 *     TRACECAL_ENGINE=native node test/dist/support/odd/record.js
 */
async function main(): Promise<void> {
  const engine = await selectedEngine();
  const network = await engine.start(sharedChannelAlone());
  const [alpha, beta] = [new Application(network, 'alpha'), new Application(network, 'beta')];
  try {
    const all = await handInAll(network, { alpha, beta }, [...oddSteps(PREFIX), reversedRanges(PREFIX)]);
    const last = Math.max(...all.map(({ block }) => block));
    const chain = await serializedBlocks(alpha, last);
    const first = Math.min(...all.map(({ block }) => block));
    const blocks = chain.slice(first).map((bytes, index): RecordedBlock => {
      const number = first + index;
      const { data } = Block.decode(bytes);
      const transactions = data!.data.map((_, transaction) => {
        const { said, code } = all.find((each) => each.block === number && each.transaction === transaction)!;
        return { name: said.name, code };
      });
      return { number, transactions, commitHash: commitHashOf(bytes) };
    });
    const recording: Recording = { before: commitHashOf(chain[first - 1]!), blocks };
    writeFileSync(FILE, `${JSON.stringify(recording, undefined, 2)}\n`);
  } finally {
    alpha.close();
    beta.close();
    await network.stop();
  }
}

function commitHashOf(bytes: Uint8Array): string {
  const { metadata } = Block.decode(bytes);
  return Buffer.from(Metadata.decode(metadata!.metadata[METADATA.commitHash]!).value).toString('hex');
}

void main();
