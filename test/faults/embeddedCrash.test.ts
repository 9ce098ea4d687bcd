import type { common } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { checkChain } from '../support/blocks.js';
import { countsAreOfBlocks, crashedChain, validTxIds } from '../support/crashHistory.js';
import { CrashWriter } from '../support/crashWriter.js';
import { EmbeddedProcess } from '../support/engineEmbedded.js';
import { Random } from '../support/random.js';
import { runSeed } from '../support/seed.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';

const KILLS = Number(process.env['TRACECAL_KILLS'] ?? 8);
const PER_KILL_MS = 60_000;
const WRITERS = 6;
/** How long a network may be under load before it is killed, at most. */
const LOAD_MS = 5000;
/** And how long its chaincodes may take until they answer: they start with the first transactions. */
const FIRST_MS = 30_000;

describe(`The embedded network, killed with SIGKILL ${KILLS} times under load,`, function () {
  this.timeout(60_000 + KILLS * PER_KILL_MS);

  const network = new EmbeddedProcess(sharedChannelAlone());
  let writers: readonly CrashWriter[];
  let blocks: readonly common.Block[];

  before(async () => {
    const random = new Random(runSeed);
    const readyAgainMs: number[] = [];
    writers = Array.from({ length: WRITERS }, (_, index) => {
      const member = (['alpha', 'beta', 'gamma'] as const)[index % 3]!;
      return new CrashWriter(`counter-${index}`, member, new Random(random.between(0, 0x7fffffff)));
    });
    await network.start();
    for (let kill = 0; kill < KILLS; kill++) {
      for (const writer of writers) writer.work(network);
      await someLoad(random);
      await network.kill();
      await Promise.all(writers.map((writer) => writer.rest()));
      if (random.chance(0.1)) await killAtStart(random.between(0, 600));
      const began = performance.now();
      await network.start();
      readyAgainMs.push(performance.now() - began);
    }
    await Promise.all(writers.map((writer) => writer.settle(network)));
    blocks = await crashedChain(network);
    const sorted = [...readyAgainMs].sort((a, b) => a - b);
    const [median = 0, slowest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    console.log(`      ready again after ${Math.round(median)} ms (median), ${Math.round(slowest)} ms (slowest)`);
  });

  after(async () => {
    await network.stop();
  });

  /** Until so many more transactions are acknowledged, and a moment longer: a busy machine gets as far as an idle one. */
  async function someLoad(random: Random): Promise<void> {
    const before = acknowledged().length;
    const more = async (count: number, withinMs: number): Promise<void> => {
      const end = Date.now() + withinMs;
      while (acknowledged().length < before + count && Date.now() < end) await pause(5);
    };
    // Every tenth is killed before anything can be acknowledged.
    if (!random.chance(0.1)) await more(1, FIRST_MS);
    await more(random.between(0, 40), LOAD_MS);
    await pause(random.between(0, 100));
  }

  const acknowledged = (): string[] => writers.flatMap((writer) => [...writer.acknowledged]);

  async function killAtStart(afterMs: number): Promise<void> {
    const starting = network.start().catch(() => undefined);
    await pause(afterMs);
    await network.kill();
    await starting;
  }

  it('has lost no transaction that it acknowledged', () => {
    console.log(`      ${acknowledged().length} acknowledged transactions in ${blocks.length} blocks`);
    assert.ok(acknowledged().length > 0);
    const present = new Set(validTxIds(blocks));
    assert.deepEqual(
      acknowledged().filter((txId) => !present.has(txId)),
      [],
    );
  });

  it('has applied none twice, and none that was not submitted', async () => {
    const valid = validTxIds(blocks);
    assert.equal(new Set(valid).size, valid.length);
    await countsAreOfBlocks(network, writers, valid);
  });

  it('has a chain of blocks that verifies', () => {
    checkChain(blocks);
  });
});
