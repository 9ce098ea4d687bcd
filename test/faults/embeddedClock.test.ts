import { GatewayError } from '@hyperledger/fabric-gateway';
import type { common } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application } from '../support/application.js';
import { checkChain } from '../support/blocks.js';
import { countsAreOfBlocks, crashedChain, validTxIds } from '../support/crashHistory.js';
import { CrashWriter } from '../support/crashWriter.js';
import { EmbeddedProcess } from '../support/engineEmbedded.js';
import { eventually } from '../support/eventually.js';
import { Random } from '../support/random.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';
import { runSeed } from '../support/seed.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const MINUTE_MS = 60_000;
const isAboutTime = (error: unknown): boolean =>
  error instanceof GatewayError && `${error.message} ${JSON.stringify(error.details)}`.includes('incorrect timestamp');
/** Peers take what is dated within 15 minutes of their clock. */
const NEAR = [10, -10, 14, -14];
const FAR = [20, -20, 60 * 24 * 400, -60 * 24 * 400];
const MORE = 5;
const PATIENCE_MS = 120_000;

describe('The embedded network, whose clock is put forward and back under load,', function () {
  this.timeout(600_000);

  const network = new EmbeddedProcess(sharedChannelAlone());
  const clock = join(temporaryFolder(), 'clock');
  let writers: readonly CrashWriter[];
  let blocks: readonly common.Block[];

  before(async () => {
    const random = new Random(runSeed);
    put(0);
    await withShiftedClock(() => network.start());
    writers = (['alpha', 'beta', 'gamma'] as const).map(
      (member) => new CrashWriter(`counter-of-${member}`, member, new Random(random.between(0, 0x7fffffff))),
    );
    for (const writer of writers) writer.work(network);
    await goesOn();
    for (const minutes of [...NEAR, ...FAR].sort(() => random.next() - 0.5)) {
      put(minutes);
      await (NEAR.includes(minutes) ? goesOn() : isRefused());
      put(0);
      await goesOn();
    }
    await Promise.all(writers.map((writer) => writer.rest()));
    await Promise.all(writers.map((writer) => writer.settle(network)));
    blocks = await crashedChain(network);
  });

  after(async () => {
    await network.stop();
    rmSync(clock, { force: true });
  });

  function put(minutes: number): void {
    writeFileSync(clock, String(minutes * MINUTE_MS));
  }

  /** Its processes inherit this, and so their clocks are put as well. */
  async function withShiftedClock(start: () => Promise<void>): Promise<void> {
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = `--require ${join(__dirname, '..', 'support', 'shiftedClock.js')}`;
    process.env['TRACECAL_TEST_CLOCK'] = clock;
    try {
      await start();
    } finally {
      delete process.env['TRACECAL_TEST_CLOCK'];
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
  }

  const acknowledged = (): string[] => writers.flatMap((writer) => [...writer.acknowledged]);

  async function goesOn(): Promise<void> {
    const wanted = acknowledged().length + MORE;
    await eventually(() => {
      assert.ok(acknowledged().length >= wanted, 'nothing more is acknowledged');
    }, PATIENCE_MS);
  }

  /** Until a peer tells clients that their time is not its own. */
  async function isRefused(): Promise<void> {
    const application = new Application(network, 'alpha');
    await eventually(() => assert.rejects(application.contract().submitTransaction('noop'), isAboutTime), PATIENCE_MS);
    application.close();
  }

  it('has lost no transaction that it acknowledged', () => {
    const present = new Set(validTxIds(blocks));
    assert.deepEqual(
      acknowledged().filter((txId) => !present.has(txId)),
      [],
    );
  });

  it('has applied nothing twice, and nothing that was not submitted', async () => {
    await countsAreOfBlocks(network, writers, validTxIds(blocks));
  });

  it('has a chain of blocks that verifies', () => {
    checkChain(blocks);
  });
});
