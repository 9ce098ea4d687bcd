import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Continuity, momentOf, isSound } from '@tracecal/gateway-client/device';
import type { SignedMeasurement } from '@tracecal/gateway-client/device';
import { twoCountries } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import { property } from '../../support/property.js';

describe("A device's measurements in their order", () => {
  let sensor: Instrument;
  let chain: readonly SignedMeasurement[];
  let continuity: Continuity;

  before(async () => {
    sensor = new Instrument(await twoCountries());
    chain = await sensor.chain(12);
  });

  beforeEach(() => {
    continuity = new Continuity();
  });

  const at = (sequence: number): SignedMeasurement => chain[sequence] ?? assert.fail();
  const observe = (...sequences: readonly number[]) => sequences.map((sequence) => continuity.observe(at(sequence)));

  it('are sound one after another, from wherever they begin', () => {
    assert.deepEqual(observe(3, 4, 5), [[], [], []]);
    assert.equal(continuity.newest?.content.sequence, 5);
  });

  it('show numbers that were lost on their way, and take them when they come late', () => {
    observe(0, 1);
    assert.deepEqual(continuity.observe(at(5)), [{ kind: 'gap', from: 2, to: 4, isDeclared: false }]);
    assert.deepEqual(observe(3, 4, 2), [
      [{ kind: 'late', sequence: 3 }],
      [{ kind: 'late', sequence: 4 }],
      [{ kind: 'late', sequence: 2 }],
    ]);
    assert.deepEqual(observe(3, 2), [[{ kind: 'replay', sequence: 3 }], [{ kind: 'replay', sequence: 2 }]]);
    assert.equal(continuity.newest?.content.sequence, 5);
  });

  it('show numbers that the device itself has skipped, and take none of these later', async () => {
    observe(0, 1);
    const after = await sensor.measure(1000, at(1));
    assert.deepEqual(continuity.observe(after), [{ kind: 'gap', from: 2, to: 999, isDeclared: true }]);
    const [skipped] = continuity.observe(at(2));
    assert.equal(skipped?.kind, 'fork');
  });

  it('come once: a replay is named, however old', () => {
    continuity = new Continuity({ remembered: 4 });
    observe(0, 1, 2, 3, 4, 5, 6, 7);
    assert.deepEqual(observe(7, 5), [[{ kind: 'replay', sequence: 7 }], [{ kind: 'replay', sequence: 5 }]]);
    assert.deepEqual(observe(1), [[{ kind: 'old', sequence: 1 }]]);
  });

  it('come late only if they fit their neighbours, by what they name and by their time', async () => {
    observe(0, 1, 2, 3, 4, 5);
    const six = await sensor.measure(6, at(5), { value: 99 });
    const eight = await sensor.measure(8, await sensor.measure(7, await sensor.measure(6, at(5))));
    const seven = await sensor.measure(7, await sensor.measure(6, at(5)));
    continuity.observe(eight);
    assert.deepEqual(continuity.observe(six), [{ kind: 'late', sequence: 6 }]);
    assert.equal(continuity.observe(seven)[0]?.kind, 'fork', 'it names another 6');
    continuity = new Continuity();
    observe(0, 1);
    continuity.observe(at(4));
    for (const [time, is] of [
      [momentOf(Date.UTC(2026, 1, 1)), 'backward'],
      [momentOf(Date.UTC(2026, 2, 2)), 'ahead'],
    ] as const) {
      const late = await sensor.measure(3, null, { time, previous: { sequence: 2, digest: at(2).digest } });
      const named = new Continuity();
      for (const each of [at(0), at(1), at(5)]) named.observe(each);
      const clock = named.observe(late).find(({ kind }) => kind === 'clock');
      assert.equal(clock?.kind === 'clock' && clock.is, is);
    }
  });

  it('show that a device signs another one in place of one that was refused', async () => {
    observe(0, 1);
    assert.deepEqual(continuity.refuse(at(2)), []);
    const other = await sensor.measure(2, at(1), { value: 21 });
    const evidence = [at(2).jws, other.jws] as const;
    assert.deepEqual(continuity.observe(other), [{ kind: 'equivocation', sequence: 2, evidence }]);
    assert.deepEqual(continuity.refuse(other), [{ kind: 'equivocation', sequence: 2, evidence }]);
    assert.deepEqual(observe(2), [[]], 'the refused one itself may pass later');
  });

  it('prove it, if the device signs two under one number', async () => {
    observe(0, 1, 2);
    const other = await sensor.measure(2, at(1), { value: 99 });
    assert.deepEqual(continuity.observe(other), [
      { kind: 'equivocation', sequence: 2, evidence: [at(2).jws, other.jws] },
    ]);
    assert.equal(continuity.newest?.digest, at(2).digest);
  });

  it('prove it, if two holders of one key continue the same measurement', async () => {
    observe(0, 1, 2, 3);
    const clones = [
      await sensor.measure(5, at(2), { value: 99 }),
      await sensor.measure(4, null, { value: 99 }),
      await sensor.measure(4, await sensor.measure(3, at(2), { value: 99 })),
    ];
    for (const clone of clones) {
      const { sequence } = clone.content;
      assert.deepEqual(continuity.observe(clone), [{ kind: 'fork', sequence, evidence: [at(3).jws, clone.jws] }]);
    }
    assert.deepEqual(observe(4), [[]]);
  });

  it('that come late have to be those that the next ones name', async () => {
    observe(0, 1);
    observe(4);
    const other = await sensor.measure(3, at(2), { value: 99 });
    const [found] = continuity.observe(other);
    assert.equal(found?.kind, 'fork');
    assert.deepEqual(observe(3, 2), [[{ kind: 'late', sequence: 3 }], [{ kind: 'late', sequence: 2 }]]);
  });

  it('show a clock that went back, or runs ahead of ours', async () => {
    observe(0, 1);
    const back = await sensor.measure(2, at(1), { time: '2026-02-28T23:59:59.000Z' });
    assert.deepEqual(continuity.observe(back), [{ kind: 'clock', sequence: 2, is: 'backward', milliseconds: 2000 }]);
    const now = Date.UTC(2026, 2, 1);
    const ahead = await sensor.measure(2, at(1), { time: '2026-03-01T01:00:00.000Z' });
    assert.deepEqual(continuity.observe(ahead, now), [
      { kind: 'clock', sequence: 2, is: 'ahead', milliseconds: 3_600_000 },
    ]);
    assert.deepEqual(continuity.observe(at(2), now), []);
  });

  it('count unless they contradict: gaps and late ones do not', () => {
    const kinds = ['gap', 'late', 'replay', 'fork'] as const;
    const irregular = { sequence: 1, from: 1, to: 1, isDeclared: true, evidence: [at(0).jws, at(1).jws] } as const;
    assert.deepEqual(
      kinds.map((kind) => isSound({ kind, ...irregular })),
      [true, true, false, false],
    );
  });

  it('are remembered in no more stretches where late ones split a long one', async () => {
    observe(0);
    const far = 10_000;
    const after = await sensor.measure(far, null, { previous: { sequence: far - 1, digest: 'a'.repeat(64) } });
    continuity.observe(after);
    const late = async (sequence: number) => {
      const previous = { sequence: sequence - 1, digest: 'b'.repeat(64) };
      const time = at(0).content.time;
      return continuity.observe(await sensor.measure(sequence, null, { previous, time }))[0]?.kind;
    };
    const kinds = new Set<string | undefined>();
    for (let sequence = 2; sequence < 4800; sequence += 4) kinds.add(await late(sequence));
    assert.deepEqual([...kinds], ['late']);
    assert.deepEqual([await late(4), await late(4800)], ['old', 'late']);
  });

  it('are compared with their nearest neighbours in whatever order they come', () => {
    const order = fc.shuffledSubarray(Array.from({ length: 30 }, (_, place) => place + 1));
    property(
      fc.tuple(order, fc.array(fc.integer({ min: -3000, max: 3000 }), { minLength: 32, maxLength: 32 })),
      (given) => {
        const [late, shifts] = given;
        const own = new Continuity();
        const taken = new Map<number, number>();
        const observed = (sequence: number, shift: number) => {
          const milliseconds = Date.UTC(2026, 2, 1) + 1000 * sequence + shift;
          const previous = sequence === 0 ? null : { sequence: sequence - 1, digest: `d${sequence - 1}` };
          const content = sensor.content(sequence, { previous, time: momentOf(milliseconds) });
          const found = own.observe({ ...at(0), content, digest: `d${sequence}` });
          const before = taken.get(Math.max(...[...taken.keys()].filter((each) => each < sequence))) ?? -Infinity;
          const after = taken.get(Math.min(...[...taken.keys()].filter((each) => each > sequence))) ?? Infinity;
          const isSoundNow = before <= milliseconds && milliseconds <= after;
          assert.equal(found.every(isSound), isSoundNow, `${sequence} in ${JSON.stringify(late)}`);
          if (isSoundNow) taken.set(sequence, milliseconds);
        };
        observed(0, 0);
        observed(31, 0);
        late.forEach((sequence) => {
          observed(sequence, shifts[sequence] ?? 0);
        });
      },
    );
  });

  it('accuse nobody where more stretches of numbers were lost than are remembered', async () => {
    const stretches = 1100;
    const all = await sensor.chain(2 * stretches + 2);
    const found = all.filter((_, place) => place % 2 === 0).flatMap((each) => continuity.observe(each));
    assert.equal(found.filter(({ kind }) => kind === 'gap').length, stretches);
    const late = (place: number) => continuity.observe(all[place] ?? assert.fail()).map(({ kind }) => kind);
    assert.deepEqual([late(1), late(2 * stretches - 1)], [['old'], ['late']]);
    const [before = assert.fail(), other] = [
      all[2 * stretches - 4],
      await sensor.measure(3, all[2] ?? null, { value: 99 }),
    ];
    assert.deepEqual(
      continuity.observe(other).map(({ kind }) => kind),
      ['fork'],
      'the one after it names another',
    );
    assert.equal(continuity.observe(before)[0]?.kind, 'replay');
  });
});
