import assert from 'node:assert/strict';
import { instantOf } from '@tracecal/core/model';
import { healthOf, INSTRUMENT_FINDINGS } from '@tracecal/gateway-client/monitor';
import type { HealthOptions, InstrumentFindingName, Observation } from '@tracecal/gateway-client/monitor';
import { near } from '../../../support/near.js';
import { normals } from '../../../support/normals.js';
import { Random } from '../../../support/random.js';
import { refusesInput } from '../../../support/refusesInput.js';
import { runSeed } from '../../../support/seed.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const U = { expanded: 0.2, coverageFactor: 2 };

/** An observation a day, at references in turns, with these errors. */
function daily(errors: readonly number[], change: Partial<Observation> = {}): Observation[] {
  return errors.map((error, day) => {
    const reference = { value: 20 + (day % 3), expanded: 0.02, coverageFactor: 2 };
    return {
      time: instantOf(START + day * DAY_MS),
      value: reference.value + error,
      uncertainty: U,
      reference,
      ...change,
    };
  });
}

/** Errors of an instrument in order, with a standard deviation of 0.05. */
function quiet(seed: number, count: number): number[] {
  return normals(new Random(seed), count).map((z) => 0.05 * z);
}

const BASE = 50;
const LATER = 40;

function namesOf(errors: readonly number[], options: HealthOptions = {}): InstrumentFindingName[] {
  return healthOf(daily(errors), { base: BASE, ...options }).findings.map(({ name }) => name);
}

/** How many of twenty instruments have a finding, when their later errors are changed. */
function shows(
  name: InstrumentFindingName,
  change: (error: number, day: number) => number,
  options: HealthOptions = {},
): number {
  const changed = (seed: number): number[] =>
    quiet(seed, BASE + LATER).map((error, day) => (day < BASE ? error : change(error, day - BASE)));
  return Array.from({ length: 20 }, (_, index) => namesOf(changed(runSeed + index * 7919), options)).filter((names) =>
    names.includes(name),
  ).length;
}

describe('The health of an instrument', () => {
  it('says what its base is, what may be, and how much of the allowed error it uses', () => {
    const errors = [0.1, -0.1, 0.1, -0.1, 0.05, 0];
    const { base, limits, used, findings } = healthOf(daily(errors), { base: 4, largestError: 0.5 });
    assert.deepEqual([base.count, findings], [4, []]);
    near(base.mean, 0, 1e-12);
    near(limits.upper, 3 * base.deviation, 1e-12);
    near(used, (0.1 + Math.hypot(0.2, 0.02)) / 0.5, 1e-9);
  });

  it('shows each fault that an instrument has, of twenty instruments in nearly all', () => {
    const enough = 18;
    assert.ok(shows('outside', (error, day) => (day === 3 ? 0.4 : error)) >= enough);
    assert.ok(shows('shift', (error) => error + 0.1) >= enough);
    assert.ok(shows('drift', (error, day) => error + 0.01 * day) >= enough);
    assert.ok(shows('scatter', (error) => 3 * error) >= enough);
    assert.ok(shows('pattern', () => 0.01) >= enough);
    assert.ok(shows('disagrees', (error) => error + 0.5) >= enough);
    assert.ok(shows('margin', (error) => error + 0.4, { largestError: 0.5 }) >= enough);
    const due = instantOf(START + (BASE + LATER + 60) * DAY_MS);
    assert.ok(shows('leaving', (error, day) => error + 0.005 * day, { largestError: 0.45, due }) >= enough);
    const soon = instantOf(START + (BASE + LATER + 1) * DAY_MS);
    assert.ok(shows('leaving', (error, day) => error + 0.002 * day, { largestError: 0.9, due: soon }) <= 2);
  });

  it('shows an instrument that is stuck, though what it should show changes', () => {
    const observations = daily(quiet(runSeed, 30)).map((each, day) => (day < 22 ? each : { ...each, value: 20.5 }));
    const { findings } = healthOf(observations);
    assert.equal(findings.find(({ name }) => name === 'stuck')?.at, 26);
    assert.ok(!namesOf(quiet(runSeed, BASE + LATER)).includes('stuck'));
  });

  it('is suspected by chance in few of the observations of instruments in order', () => {
    const runs = 200;
    const found = Array.from({ length: runs }, (_, index) => namesOf(quiet(runSeed + index * 104_729, BASE + LATER)));
    const counted = (name: InstrumentFindingName): number => found.filter((names) => names.includes(name)).length;
    // Limits from 50 observations: one in 220 is outside of three standard deviations, in 40 observations at most once in six instruments.
    assert.ok(counted('outside') <= 0.3 * runs, `outside: ${counted('outside')}`);
    assert.ok(counted('shift') <= 0.4 * runs, `shift: ${counted('shift')}`);
    for (const name of ['drift', 'scatter', 'disagrees', 'margin', 'leaving', 'stuck'] as const) {
      assert.ok(counted(name) <= 5, `${name}: ${counted(name)}`);
    }
    assert.ok(found.flat().every((name) => name in INSTRUMENT_FINDINGS));
  });

  it('is not told from too little, nor from observations out of order or without numbers', () => {
    refusesInput(() => healthOf(daily([0, 0, 0])), /at least 21 observations: there are 3/);
    const [first, second, third] = daily([0, 0.1, 0]) as [Observation, Observation, Observation];
    refusesInput(
      () => healthOf([second, first, third], { base: 2 }),
      /Observation 2, of 2026-01-01T00:00:00Z, is before/,
    );
    refusesInput(() => healthOf([first, second, { ...third, value: Number.NaN }], { base: 2 }), /no finite number/);
  });
});
