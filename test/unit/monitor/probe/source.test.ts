import { ProbeFailed, ScpiSource, SetPoints } from '@tracecal/monitor';
import type { SetPointLimits } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { refused } from '../../../support/instruments/refused.js';
import { ScpiInstrument } from '../../../support/instruments/scpiInstrument.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';

const LIMITS: SetPointLimits = { lowest: 10, highest: 30, shortestSeconds: 60, expanded: 0.02, coverageFactor: 2 };

describe('A reference source of the monitor', () => {
  let calibrator: ScpiInstrument;
  let identity: string;
  let error: string;
  let clock: number;

  beforeEach(async () => {
    [identity, error, clock] = ['ACME,CAL-5,12345,1.0', '0,"No error"', 1_000_000];
    calibrator = await ScpiInstrument.start((line) => {
      if (line === '*IDN?') return `${identity}\n`;
      return line === 'SYST:ERR?' ? `${error}\n` : undefined;
    });
  });
  afterEach(() => calibrator.stop());

  const source = (): ScpiSource => new ScpiSource(calibrator.endpoint, 'SOUR:TEMP', 'CAL-5');
  const setPoints = (change: Partial<SetPointLimits> = {}): SetPoints => {
    const random = new Random(runSeed);
    const pause = (milliseconds: number): Promise<void> => Promise.resolve(void (clock += milliseconds));
    return new SetPoints(source(), { ...LIMITS, ...change }, { random: () => random.next(), now: () => clock, pause });
  };
  const sent = (): string[] => calibrator.received.split('\n').filter((line) => line.startsWith('SOUR'));

  it('is set to random values within its limits', async () => {
    const points = setPoints();
    const values: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      values.push((await points.next())!.value);
      clock += 60_000;
    }
    assert.ok(values.every((value) => value >= 10 && value <= 30));
    assert.equal(new Set(values).size, 50);
    assert.deepEqual(
      sent(),
      values.map((value) => `SOUR:TEMP ${value}`),
    );
    // Set-points spread over the range: a liar who shows the middle is far from most of them.
    assert.ok(Math.max(...values) - Math.min(...values) > 12, `seed ${runSeed}: ${values.join(' ')}`);
  });

  it('is not set more often than its limit allows: the last set-point stands', async () => {
    const points = setPoints();
    const first = await points.next();
    clock += 59_000;
    assert.deepEqual(await points.next(), first);
    clock += 1000;
    assert.notDeepEqual(await points.next(), first);
    assert.equal(sent().length, 2);
  });

  it('is waited for until its output is what was set', async () => {
    await setPoints({ settleSeconds: 30 }).next();
    assert.equal(clock, 1_030_000);
  });

  it('is set only after it said who it is: an instrument at its address gets no command', async () => {
    identity = 'ACME,THERMOMETER,1,1.0';
    await assert.rejects(setPoints().next(), (failed) => failed instanceof ProbeFailed && failed.failure === 'refused');
    assert.equal(calibrator.received, '*IDN?\n');
  });

  it('has no known output when it did not take a set-point, and is not tried again too soon', async () => {
    error = '-222,"Data out of range"';
    const points = setPoints();
    await assert.rejects(points.next(), /did not take the set-point/);
    assert.equal(await points.next(), undefined);
    assert.equal(sent().length, 1);
  });

  it('is set to numbers of any size', async () => {
    for (const [lowest, highest] of [
      [-2e-9, -1e-9],
      [1e15, 2e15],
      [-1e12, 1e12],
    ] as const) {
      const { value } = (await setPoints({ lowest, highest }).next())!;
      assert.ok(value >= lowest && value <= highest && sent().at(-1) === `SOUR:TEMP ${value}`);
    }
  });

  it('gets no other command than to set its output, and none out of sense', () => {
    for (const header of ['*RST', 'SOUR:TEMP 5;*RST', 'SOUR:TEMP 5\n', 'OUTP', 'SOUR', 'CONF:TEMP', 'SOUR:TEMP?']) {
      refused(() => new ScpiSource(calibrator.endpoint, header, 'CAL-5'), /A probe does not do SCPI/);
    }
    refused(() => new ScpiSource(calibrator.endpoint, 'SOUR:TEMP', ' '), /needs its identity/);
    refused(() => setPoints({ lowest: 30 }), /the lower first/);
    refused(() => setPoints({ highest: Number.POSITIVE_INFINITY }), /the lower first/);
    refused(() => setPoints({ shortestSeconds: 0 }), /at least 1 s/);
    assert.equal(calibrator.connections, 0);
  });
});
