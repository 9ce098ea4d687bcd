import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { instantOf } from '@tracecal/core/model';
import { findingId, findingsOf, instrumentReport, instrumentText, needsAttention } from '@tracecal/monitor';
import type { Instrument, InstrumentReport, Observed, Period, VerdictFrom } from '@tracecal/monitor';
import { normals } from '../../../support/normals.js';
import { near } from '../../../support/near.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const day = (count: number): string => instantOf(START + count * DAY_MS);
const PERIOD: Period = { from: day(30), to: day(60) };
const INSTRUMENT: Instrument = {
  device: 'oem-a/T-1',
  site: 'plant-1',
  model: 'T4',
  firmware: '2.1',
  largestError: 1,
  due: day(100),
};

/** A value a day, with these errors beside a reference. */
function daily(errors: readonly number[], change: Partial<Observed> = {}): Observed[] {
  return errors.map((error, at) => ({
    device: INSTRUMENT.device,
    source: 'sent',
    time: day(at),
    unit: '\\degreecelsius',
    value: 20 + error,
    uncertainty: { expanded: 0.2, coverageFactor: 2 },
    reference: { value: 20, expanded: 0.02, coverageFactor: 2 },
    evidence: createHash('sha256').update(`value ${at}`).digest('hex'),
    ...change,
  }));
}

const quiet = (seed: number, count = 60): number[] => normals(new Random(seed), count).map((z) => 0.05 * z);
const TRACED: readonly VerdictFrom[] = [{ from: day(0), status: 'TRACEABLE', levels: 3 }];

function report(
  observed: readonly Observed[],
  { verdicts = TRACED, ...change }: Partial<Instrument> & { verdicts?: readonly VerdictFrom[] } = {},
): InstrumentReport {
  return instrumentReport({ instrument: { ...INSTRUMENT, ...change }, observed, verdicts }, { period: PERIOD });
}

/** Twenty instruments with changed values since day 35: how many of their reports name a finding. */
function shows(name: string, change: (error: number, since: number) => number): number {
  return Array.from({ length: 20 }, (_, index) => {
    const errors = quiet(runSeed + 7919 * index).map((error, at) => (at < 35 ? error : change(error, at - 35)));
    return findingsOf(report(daily(errors))).some((finding) => finding.name === name);
  }).filter(Boolean).length;
}

describe('The report about an instrument', () => {
  it('has scores, charts, drift, stability, error margin, traceability and due date', () => {
    const { quality, values, traceability, due } = report(daily(quiet(runSeed)));
    assert.deepEqual(values, {
      inPeriod: 30,
      compared: 60,
      withoutReference: 0,
      inOtherUnits: 0,
      unit: '\\degreecelsius',
    });
    assert.ok(quality?.ewma && quality.cusum && quality.drift && quality.since);
    assert.equal(quality.base.count, 20);
    assert.equal(quality.scores.count, 60);
    near(quality.stability, quality.since.deviation / quality.base.deviation, 1e-12);
    assert.ok((quality.used ?? 0) > 0.2 && (quality.used ?? 1) < 0.6, `${quality.used ?? 0}`);
    assert.equal(traceability.traceable, 1);
    assert.equal(traceability.levels, 3);
    assert.deepEqual(due, { date: day(100), state: 'in time', days: 40 });
  });

  it('computes En with expanded uncertainties and zeta with standard ones', () => {
    const errors = [...quiet(runSeed, 59), 0.5];
    const { scores } = report(daily(errors)).quality ?? {};
    near(scores?.en, 0.5 / Math.hypot(0.2, 0.02), 1e-9);
    near(scores?.zeta, 0.5 / Math.hypot(0.1, 0.01), 1e-9);
    assert.equal(scores?.beyond, 1);
  });

  it('does not call an instrument with too few values in order', () => {
    const few = report(daily(quiet(runSeed, 20)));
    assert.equal(few.condition, 'unknown');
    assert.match(few.says, /there are 20, and 21 are needed/);
    assert.equal(few.quality, undefined);
    assert.equal(report([]).condition, 'unknown');
    assert.match(instrumentText(report([])), /Condition: unknown\. Too few values/);
  });

  it('does not count values of another device, another unit, without a reference, twice, or after the period', () => {
    const good = daily(quiet(runSeed));
    const [first] = good as [Observed];
    const bare = Object.fromEntries(
      Object.entries(first).filter(([name]) => name !== 'reference'),
    ) as unknown as Observed;
    const { values } = report([
      ...good,
      { ...first, device: 'oem-b/X' },
      { ...first, unit: '\\kelvin', evidence: 'other' },
      { ...bare, evidence: 'bare' },
      first,
      { ...first, time: PERIOD.to },
    ]);
    assert.deepEqual([values.compared, values.inOtherUnits, values.withoutReference], [60, 1, 1]);
  });

  it('is the same in whatever order values and verdicts come', () => {
    const values = daily(quiet(runSeed));
    const verdicts: VerdictFrom[] = [...TRACED, { from: day(40), status: 'FAILED' }];
    const turned = report(values.toReversed(), { verdicts: verdicts.toReversed() });
    assert.deepEqual(turned, report(values, { verdicts }));
  });

  it('counts values by the verdict that was in force when they were measured', () => {
    const verdicts: VerdictFrom[] = [
      { from: day(32), status: 'TRACEABLE', levels: 2 },
      { from: day(40), status: 'ATTESTED', levels: 2 },
      { from: day(50), status: 'FAILED' },
    ];
    const { traceability } = report(daily(quiet(runSeed)), { verdicts });
    assert.deepEqual(traceability.inForce, { TRACEABLE: 8, ATTESTED: 10, INCOMPLETE: 0, FAILED: 10, UNKNOWN: 2 });
    near(traceability.relied, 18 / 30, 1e-12);
    assert.equal(traceability.now, 'FAILED');
    assert.equal(traceability.levels, undefined);
    assert.equal(traceability.untraceable.length, 12);
  });

  it('says what is overdue, due soon, due later, and what has no date', () => {
    const stateOf = (due?: string): string =>
      instrumentReport(
        { instrument: { device: 'a/b', site: 's', ...(due !== undefined && { due }) }, observed: [], verdicts: [] },
        { period: PERIOD },
      ).due.state;
    assert.deepEqual(
      [stateOf(day(59)), stateOf(day(60)), stateOf(day(90)), stateOf(day(91)), stateOf()],
      ['overdue', 'soon', 'soon', 'in time', 'unknown'],
    );
  });

  it('is text that a person reads', () => {
    const errors = quiet(runSeed).map((error, at) => (at === 50 ? 3 : error));
    const text = instrumentText(report(daily(errors), { due: day(58) }));
    for (const part of [/^oem-a\/T-1 \(plant-1\)/, /to be looked at/, /Shewhart: /, /EWMA: /, /CUSUM: /, /Drift: /]) {
      assert.match(text, part);
    }
    assert.match(text, /Found outside, 2026-02-20T00:00:00Z: /);
    assert.match(text, /now TRACEABLE, 3 levels to the institute; 100\.0 % of 30 values/);
    assert.match(text, /overdue, due on 2026-02-28 \(2 days ago\)/);
  });
});

describe('Findings about a fleet', () => {
  it('name what instruments show, in nearly all of twenty', () => {
    const enough = 18;
    assert.ok(shows('outside', (error, since) => (since === 3 ? 0.5 : error)) >= enough);
    assert.ok(shows('shift', (error) => error + 0.15) >= enough);
    assert.ok(shows('drift', (error, since) => error + 0.02 * since) >= enough);
    assert.ok(shows('stuck', () => 0.01) >= enough);
    assert.ok(shows('leaving', (error, since) => error + 0.02 * since) >= enough);
  });

  it('rest on the digests of the values that show them, and are the same when they are made again', () => {
    const values = daily(quiet(runSeed).map((error, at) => (at === 50 ? 3 : error)));
    const [outside] = findingsOf(report(values)).filter(({ name }) => name === 'outside');
    assert.deepEqual(outside?.evidence, [values[50]?.evidence]);
    assert.deepEqual([outside.from, outside.to], [day(50), day(50)]);
    const ids = (): string[] => findingsOf(report(values)).map(findingId);
    assert.deepEqual(ids(), ids());
  });

  it('have at most 200 digests: more are one digest of the list', () => {
    const [many] = findingsOf(
      instrumentReport(
        { instrument: INSTRUMENT, observed: daily(quiet(runSeed, 250)), verdicts: [] },
        { period: { from: day(0), to: day(250) } },
      ),
    ).filter(({ name }) => name === 'untraceable');
    assert.equal(many?.evidence.length, 1);
    assert.match(many.says, /^250 of 250/);
  });

  it('are not made again in the period after the one in which they showed', () => {
    const values = daily(quiet(runSeed).map((error, at) => (at === 25 ? 3 : error)));
    assert.equal(report(values).condition, 'to be looked at');
    assert.ok(!findingsOf(report(values)).some(({ name }) => name === 'outside'));
  });

  it('name untraceable values and overdue calibrations, and propose to recalibrate those', () => {
    const late = report(daily(quiet(runSeed)), { due: day(40), verdicts: [{ from: day(45), status: 'TRACEABLE' }] });
    const found = new Map(findingsOf(late).map((finding) => [finding.name, finding]));
    assert.equal(found.get('untraceable')?.evidence.length, 15);
    assert.match(found.get('untraceable')?.says ?? '', /^15 of 30 values/);
    assert.equal(found.get('untraceable')?.proposes, undefined);
    assert.deepEqual(found.get('overdue')?.proposes, { action: 'recalibrate', devices: [INSTRUMENT.device] });
    assert.ok(needsAttention(late));
    assert.ok(findingsOf(report([])).length === 0);
    assert.ok(needsAttention(report([], { verdicts: [] })));
  });
});
