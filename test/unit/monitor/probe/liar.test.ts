import { liarOf, PROBE_FINDINGS } from '@tracecal/gateway-client/monitor';
import type { LiarOptions, ProbeFindingName, Shown } from '@tracecal/gateway-client/monitor';
import assert from 'node:assert/strict';
import { LIAR_KINDS, lifeOf } from '../../../support/instruments/population.js';
import type { LiarKind } from '../../../support/instruments/population.js';
import { ratesOf } from '../../../support/instruments/rates.js';
import type { Rates } from '../../../support/instruments/rates.js';
import { normals } from '../../../support/normals.js';
import { Random } from '../../../support/random.js';
import { refusesInput } from '../../../support/refusesInput.js';
import { runSeed } from '../../../support/seed.js';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const U = { expanded: 0.2, coverageFactor: 2 };
const HOUR = 3_600_000;

const digest = (text: string): string => text.padStart(64, '0');
const asItIs = (value: number): number => value;

/** An instrument that is asked every hour, and sends a value just before. Both show these. */
function hourly(
  values: readonly number[],
  change: { sent?: (value: number, hour: number) => number; truth?: readonly number[] } = {},
): Shown {
  const { sent = asItIs, truth = values } = change;
  return {
    probed: values.map((value, hour) => ({
      at: hour * HOUR,
      value,
      uncertainty: U,
      reference: { value: truth[hour]!, expanded: 0.02, coverageFactor: 2 },
      evidence: digest(`a${hour}`),
    })),
    sent: values.map((value, hour) => ({
      at: hour * HOUR - 60_000,
      value: sent(value, hour),
      uncertainty: U,
      evidence: digest(`b${hour}`),
    })),
    failed: [],
  };
}

/** So rare that no run of this test meets it. */
const RARE: LiarOptions = { chance: 1e-7 };

function namesOf(shown: Shown, options: LiarOptions = {}): ProbeFindingName[] {
  return liarOf(shown, { ...RARE, ...options }).map(({ name }) => name);
}

describe('Instruments that lie, of which one in a hundred does', function () {
  this.timeout(180_000);
  let rates: Rates;

  before(() => {
    rates = ratesOf(SEEDS, 300);
  });

  it('are found far more often than chance finds them', () => {
    assert.equal(rates.liars.of, 60);
    assert.ok(rates.liars.share >= 0.75, `${rates.liars.found} of 60`);
    assert.ok(rates.liars.lower > 20 * rates.chance);
  });

  it('are found by what they do, each kind', () => {
    const atLeast: Partial<Record<LiarKind, number>> = {
      'drifts by a tenth of U a day, and shows it': 0.4,
      'sends 2.5 U too much in 1 of 100 values': 0.2,
      'sends 2.5 U too much in 1 of 10 values, and answers no probe after that': 0.1,
    };
    for (const [kind, { named }] of rates.kinds) {
      assert.ok(named.of >= 6 && named.share >= (atLeast[kind] ?? 0.85), `${kind}: ${named.found} of ${named.of}`);
    }
  });

  it('are told from honest ones: of 5,940 hardly any is suspected', () => {
    assert.equal(rates.honest.of, 5940);
    // Six findings with a chance of 0.0001 each: 3.6 are expected.
    assert.ok(rates.honest.found <= 12, `${rates.honest.found} suspected`);
    assert.ok(rates.right.lower > 0.7 && rates.base === 0.01);
  });

  it('are missed where probes are regular, by those who count on it', () => {
    const found = (jitter: number): number =>
      SEEDS.filter((seed) => {
        const kind = 'sends 0.5 U too little, but is honest when a regular probe would come';
        return liarOf(lifeOf(seed, kind, jitter)).length > 0;
      }).length;
    assert.deepEqual([found(0), found(0.9)], [0, 20]);
  });
});

describe('What probes of one instrument show', () => {
  const random = new Random(runSeed);
  const moving = (count: number): number[] => normals(random, count).map((normal) => 20 + normal);
  const noisy = (values: readonly number[]): number[] =>
    normals(random, values.length).map((normal, index) => values[index]! + 0.05 * normal);

  it('is nothing for one that is honest, however its process moves or stands still', () => {
    const truth = moving(80);
    assert.deepEqual(namesOf(hourly(noisy(truth), { truth })), []);
    const still = truth.map(() => 4);
    assert.deepEqual(namesOf(hourly(still, { truth: noisy(still).map((value) => 4 + (value - 4) / 5) })), []);
    // A coarse display on a course that is the same each day.
    const course = Array.from(
      { length: 240 },
      (_, hour) => Math.round(10 * (20 + Math.sin((Math.PI * hour) / 12))) / 10,
    );
    assert.deepEqual(namesOf(hourly(course)), []);
  });

  it('is nothing where little is known', () => {
    assert.deepEqual(liarOf({ probed: [], sent: [], failed: [] }), []);
    const few = hourly([20, 21, 19, 20, 22]);
    assert.deepEqual(liarOf({ ...few, sent: [] }), []);
    const without = few.probed.map(({ at, value, evidence }) => ({ at, value, evidence }));
    assert.deepEqual(liarOf({ ...few, probed: without }), []);
  });

  it('is what it repeats: a stretch of values, also moved by a constant', () => {
    const truth = moving(80);
    const values = truth.map((value, hour) => (hour < 40 ? value : truth[hour - 24]! + 1));
    const [finding] = liarOf(hourly(values), { base: 60 }).filter(({ name }) => name === 'replay');
    assert.match(finding?.says ?? '', /^\d+ values in a row came again after 24 h\.$/);
    assert.ok(finding!.evidence.includes(digest('b40')) || finding!.evidence.includes(digest('b16')));
  });

  it('is what it answers to a nonce with an old value, once', () => {
    const failed = [{ at: HOUR, evidence: digest('f'), replayed: true }];
    const [finding] = liarOf({ probed: [], sent: [], failed });
    assert.deepEqual([finding?.name, finding?.evidence, finding?.from], ['replay', [digest('f')], HOUR]);
  });

  it('is what its site sends otherwise: the probe, and the value that was sent before it', () => {
    const truth = moving(40);
    const shown = hourly(noisy(truth), { truth, sent: (value, hour) => (hour === 7 ? value + 1 : value) });
    const [finding, ...others] = liarOf(shown, RARE);
    assert.deepEqual([finding?.name, finding?.evidence, others], ['lies', [digest('b7'), digest('a7')], []]);
    assert.match(finding!.says, /^In 1 of 40 probes what was sent differs from what it shows, by up to 1\.?\d*\.$/);
    // What was sent long before the probe is another moment's value.
    assert.deepEqual(namesOf(shown, { pairSeconds: 30 }), []);
  });

  it('is silence that is more than connections that fail', () => {
    const all = hourly(noisy(moving(40)));
    const failed = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ at: index, evidence: digest(`f${index}`), replayed: false }));
    assert.deepEqual(namesOf({ ...all, failed: failed(3) }), []);
    assert.deepEqual(namesOf({ ...all, failed: failed(12) }), ['silent']);
    assert.deepEqual(namesOf({ ...all, failed: failed(12) }, { usualFailures: 0.3 }), []);
  });

  it('comes at most once each, with at most 64 digests, and with a meaning', () => {
    for (const kind of LIAR_KINDS) {
      const findings = liarOf(lifeOf(5, kind, 0.9));
      assert.equal(new Set(findings.map(({ name }) => name)).size, findings.length);
      for (const { name, says, evidence, from, to } of findings) {
        assert.ok(evidence.length > 0 && evidence.length <= 64 && from <= to && name in PROBE_FINDINGS);
        assert.match(says, /^[^.\n].*\d.*\.$/);
      }
    }
  });

  it('is refused for values out of order, or that are no numbers', () => {
    const { probed, ...more } = hourly(moving(30));
    refusesInput(() => liarOf({ ...more, probed: [...probed].reverse() }), /sort them by time/);
    refusesInput(
      () => liarOf({ ...more, probed, sent: [...more.sent].reverse() }),
      /sent values is before the one ahead/,
    );
    const sent = more.sent.map((each) => ({ ...each, value: Number.NaN }));
    refusesInput(() => liarOf({ ...more, probed, sent }), /no finite number/);
    refusesInput(
      () => liarOf({ ...more, probed: probed.map((each) => ({ ...each, value: Number.NaN })) }),
      /no finite number/,
    );
  });
});
