import assert from 'node:assert/strict';
import { DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Axis, ResultRow, Source, SupportedResult } from '@tracecal/core/support';
import { affectedRows } from '@tracecal/core/trace';
import fc from 'fast-check';
import { property } from '../../../support/property.js';
import { decide, mass, massResult, near, result, row, source } from './build.js';

const FREQUENCY: Axis = { kind: 'frequency', name: 'f' };
const TEMPERATURE: Axis = { kind: 'temperature', name: 'ambient' };
const VOLTAGE = { kind: 'ac-voltage', scale: 'ratio', dimension: 'm2 kg1 s-3 A-1', values: 'range' } as const;

/** Rows of volts, hertz and standard uncertainty. */
type Volts = readonly (readonly [volt: number, hertz: number, u: number])[];

function standard(rows: Volts, more: Parameters<typeof source>[1] = {}) {
  return {
    ...source([], { ...VOLTAGE, axes: [FREQUENCY], ...more }),
    rows: rows.map(([y, hertz, u]) => ({ x: [hertz], y, u })),
  };
}

function volts(y: number, hertz: number, u: number): ResultRow {
  return row(hertz, 2 * u, { y });
}

function voltages(...rows: readonly ResultRow[]): SupportedResult {
  return result(rows, { ...VOLTAGE, axes: [FREQUENCY], method: 'direct' });
}

const at = (of: ResultRow, ...sources: readonly Source[]) => decide(voltages(of), sources);

/** As certificates state frequencies: as they were measured. */
const MEASURED = standard([
  [1, 50.001, 1e-6],
  [1000, 50.002, 1e-2],
  [1, 1000.3, 2e-6],
  [1000, 999.8, 2e-2],
]);

describe('The place of a row: its arguments and its value', () => {
  it('the smallest credible uncertainty is that of the value, not of the best row at the same argument', () => {
    const found = at(volts(1000, 50, 2e-6), MEASURED);
    near(found.floor, 1e-2);
    assert.equal(found.outcome, 'failed');
  });

  it('a row with a larger uncertainty at another value harms nobody, however nearly equal the arguments are', () => {
    for (const hertz of [50.001, 50.0015, 50.002]) {
      const found = at(volts(1, hertz, 2e-6), MEASURED);
      near(found.floor, 1e-6);
      assert.equal(found.outcome, 'sound', `${hertz} Hz`);
    }
  });

  it('the uncertainty is linear between two values and between two places of a single argument', () => {
    near(at(volts(500.5, 50, 1), MEASURED).floor, (1e-6 + 1e-2) / 2);
    const exact = standard([
      [1, 100, 1e-6],
      [1000, 100, 1e-2],
      [1, 300, 2e-6],
      [1000, 300, 2e-2],
    ]);
    near(at(volts(500.5, 200, 1), exact).floor, (1e-6 + 1e-2 + 2e-6 + 2e-2) / 4);
  });

  it('a column with one number changes nothing', () => {
    const ratio = fc.double({ min: 1, max: 10, noNaN: true });
    const numbers = fc.tuple(ratio, ratio, ratio, fc.double({ min: 0.9, max: 11, noNaN: true }), ratio);
    property(numbers, ([first, second, third, value, u]) => {
      const rows = [first, second, third].map((y, place) => ({ y, u: 1e-3 * (place + 1) }));
      const withColumn = { ...standard([]), rows: rows.map(({ y, u: own }) => ({ x: [50], y, u: own })) };
      const plain = { ...standard([], { axes: [] }), rows: rows.map(({ y, u: own }) => ({ x: [], y, u: own })) };
      const of = volts(value, 50, 1e-3 * u);
      const own: SupportedResult = { ...voltages({ ...of, x: [] }), axes: [] };
      const [a, b] = [at(of, withColumn), decide(own, [plain])];
      assert.deepEqual([a.outcome, a.floor, a.position], [b.outcome, b.floor, b.position]);
    });
  });

  it('the same place counts for an input whose place names the value after the arguments', () => {
    const use = { role: 'input', sensitivity: { values: [1], dimension: VOLTAGE.dimension } } as const;
    const of = (place: readonly number[]) =>
      decide(massResult([row(1, 1)], { method: 'general' }), [
        { ...MEASURED, use: { ...MEASURED.use, ...use, at: place } },
      ]);
    near(of([50, 1000]).floor, 1e-2);
    near(of([50, 1]).floor, 1e-6);
    near(of([50]).floor, 1e-6);
    assert.ok(of([50, 2000]).codes.includes('input-outside'));
    assert.ok(of([50, 1, 1]).codes.includes('at-unusable'));
  });

  it('a product takes the part of the value that its place names', () => {
    const use = { role: 'input', exponent: 1, at: [50, 1000] } as const;
    const of = result([row(1000, 1)], { kind: 'power', scale: 'ratio', dimension: '', method: 'product' });
    near(decide(of, [{ ...MEASURED, use: { ...MEASURED.use, ...use } }]).floor, 1e-2);
  });
});

describe('Nearly equal arguments are one place', () => {
  for (const [name, hertz] of [
    ['one', [50.001, 50.001]],
    ['two nearly equal', [50.001, 50.002]],
  ] as const) {
    it(`${name}: what lies within 2 % is covered`, () => {
      const rows = hertz.map((each, place) => [place + 1, each, 1e-6] as const);
      const position = (asked: number) => at(volts(1.5, asked, 1), standard(rows)).position;
      assert.deepEqual([position(50.003), position(50.9), position(51.1)], ['edge', 'edge', 'outside']);
    });
  }

  it('a further temperature takes nothing away from what the others cover', () => {
    const of = (kelvin: number) =>
      result([row(kelvin, 1, { y: 5 })], { ...VOLTAGE, axes: [TEMPERATURE], method: 'direct' });
    const over = (...kelvins: readonly number[]) => ({
      ...source([], { ...VOLTAGE, axes: [TEMPERATURE] }),
      rows: kelvins.flatMap((kelvin) => [1, 10].map((y) => ({ x: [kelvin], y, u: 1e-6 }))),
    });
    for (const kelvins of [[296.15], [278.15, 296.15], [296.1, 296.15]]) {
      assert.equal(decide(of(297.65), [over(...kelvins)]).position, 'edge', kelvins.join());
      assert.equal(decide(of(298.25), [over(...kelvins)]).position, 'outside', kelvins.join());
    }
  });

  it('a repeated calibration of a value takes nothing away', () => {
    const twice = { ...mass(1, 1e-7), rows: [1, 1.0000001].map((y) => ({ x: [y], y, u: 1e-7 })) };
    const of = massResult([row(1.0005, 1)], { method: 'direct' });
    assert.deepEqual([decide(of, [mass(1, 1e-7)]).position, decide(of, [twice]).position], ['edge', 'edge']);
  });

  it('a further row never narrows the range of a ratio kind', () => {
    const number = fc.double({ min: 1, max: 100, noNaN: true });
    property(fc.tuple(fc.array(number, { minLength: 1, maxLength: 4 }), number, number), ([values, more, asked]) => {
      const of = massResult([row(asked, 1)], { method: 'direct' });
      const over = (all: readonly number[]) => ({ ...mass(1, 1), rows: all.map((y) => ({ x: [y], y, u: 1e-3 })) });
      const [few, many] = [decide(of, [over(values)]).position, decide(of, [over([...values, more])]).position];
      assert.ok(few === 'outside' || many !== 'outside', `${values.join()} and ${more} at ${asked}`);
    });
  });
});

describe('An amended parent with values at arguments', () => {
  function affected(before: Volts, after: Volts, of: ResultRow, errors: readonly number[] = []) {
    const version = (rows: Volts, own: readonly number[]) => {
      const made = standard(rows, { report: 'report' });
      return { ...made, rows: made.rows.map((each, place) => ({ ...each, error: own[place] ?? 0 })) };
    };
    const versions = { before: version(before, []), after: version(after, errors) };
    return affectedRows(voltages(of), [versions.before], 0, versions, DEFAULT_SUPPORT_POLICY).map(({ why }) => why);
  }
  const BEFORE: Volts = [
    [1, 50.001, 1e-6],
    [1000, 50.002, 1e-2],
  ];
  const wider = BEFORE.map(([y, hertz, u]) => [y, hertz, y === 1000 ? 10 * u : u] as const);

  it('a change at another value affects nobody', () => {
    const low = volts(1, 50, 2e-6);
    assert.deepEqual(affected(BEFORE, BEFORE, low, [0, 0.1]), []);
    assert.deepEqual(affected(BEFORE, wider, low), []);
    assert.deepEqual(affected(BEFORE, BEFORE.slice(0, 1), low), []);
  });

  it('a change at the value affects the rows that use it', () => {
    const high = volts(1000, 50, 2e-2);
    assert.deepEqual(affected(BEFORE, BEFORE, high, [0, 0.1]), ['moved']);
    assert.deepEqual(affected(BEFORE, wider, high), ['wider']);
    assert.deepEqual(affected(BEFORE, BEFORE.slice(0, 1), high), ['lost']);
  });
});
