import assert from 'node:assert/strict';
import { DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Source, SupportedResult, Use } from '@tracecal/core/support';
import { affectedRows } from '@tracecal/core/trace';
import type { AmendedSource } from '@tracecal/core/trace';
import fc from 'fast-check';
import { property } from '../../../support/property.js';
import { result, row, source } from './build.js';

/** A thermometer: kelvin, error, standard uncertainty. */
function thermometer(points: readonly (readonly [number, number, number])[], use: Partial<Use> = {}): AmendedSource {
  const made = source([], { report: 'report', use });
  return { ...made, rows: points.map(([x, error, u]) => ({ x: [x], y: x, error, u })) };
}

const BEFORE = thermometer([
  [273, 0.05, 0.01],
  [373, 0.05, 0.01],
]);

/** Rows of a result with u = 25 mK. */
const RESULT = result([row(283, 0.05), row(363, 0.05)], { method: 'direct' });

function affected(after: AmendedSource, of: SupportedResult = RESULT, before = BEFORE, others: readonly Source[] = []) {
  const found = affectedRows(of, [before, ...others], 0, { before, after }, DEFAULT_SUPPORT_POLICY);
  return found.map(({ row: index, why }) => `${index} ${why}`);
}

describe('An amended parent', () => {
  it('an administrative amendment affects nobody', () => {
    assert.deepEqual(affected(BEFORE), []);
  });

  it('a value that moved by more than a fifth of u affects the rows that use it', () => {
    const moved = (by: number) =>
      thermometer([
        [273, 0.05 + by, 0.01],
        [373, 0.05, 0.01],
      ]);
    assert.deepEqual(affected(moved(0.1)), ['0 moved', '1 moved']);
    assert.deepEqual(affected(moved(0.0058)), ['0 moved']);
    assert.deepEqual(affected(moved(0.005)), []);
  });

  it('a change outside the arguments in use affects nobody', () => {
    const before = thermometer([...BEFORE.rows.map(({ x, error, u }) => [x[0]!, error!, u!] as const), [473, 0, 0.01]]);
    const after = thermometer([...BEFORE.rows.map(({ x, error, u }) => [x[0]!, error!, u!] as const), [473, 5, 0.01]]);
    assert.deepEqual(affected(after, RESULT, before), []);
  });

  it('an uncertainty that grew matters only where the floor does not hold any more', () => {
    const grown = (u: number) =>
      thermometer([
        [273, 0.05, u],
        [373, 0.05, u],
      ]);
    assert.deepEqual(affected(grown(0.02)), []);
    assert.deepEqual(affected(grown(0.03)), ['0 wider', '1 wider']);
  });

  it('an amendment that leaves the uncertainty alone does not cause a broken floor', () => {
    const after = thermometer([
      [273, 0.051, 0.0104],
      [373, 0.051, 0.0104],
    ]);
    assert.deepEqual(affected(after, result([row(283, 0.018)], { method: 'direct' })), []);
  });

  it('a place that the amended certificate does not cover any more affects its rows', () => {
    const shorter = thermometer([
      [273, 0.05, 0.01],
      [300, 0.05, 0.01],
    ]);
    assert.deepEqual(affected(shorter), ['1 lost']);
    assert.deepEqual(affected({ ...BEFORE, kind: 'pressure' }), ['0 lost', '1 lost']);
  });

  it('without errors the values are compared, of coefficients relative to them', () => {
    const gain = (value: number): AmendedSource => ({
      ...source([], { kind: 'gain', scale: 'coefficient', axes: [{ kind: 'frequency', name: 'f' }], report: 'report' }),
      rows: [{ x: [50], y: value, error: null, u: 0.001 }],
    });
    const of = result([row(50, 0.2, { y: 10 })], {
      kind: 'gain',
      scale: 'coefficient',
      axes: [{ kind: 'frequency', name: 'f' }],
      method: 'direct',
    });
    assert.deepEqual(affected(gain(0.1003), of, gain(0.1)), ['0 moved']);
    assert.deepEqual(affected(gain(0.10015), of, gain(0.1)), []);
  });

  it('through a model the declared exponent or sensitivity counts', () => {
    const at = (method: 'product' | 'general', use: Partial<Use>, moved: number) => {
      const volt = (error: number): AmendedSource => ({
        ...source([], {
          kind: 'voltage',
          scale: 'ratio',
          dimension: '',
          report: 'report',
          use: { role: 'input', ...use },
        }),
        rows: [{ x: [2], y: 2, error, u: 0.001 }],
      });
      const of = result([row(10, 0.2)], { kind: 'power', scale: 'ratio', dimension: '', method });
      return affected(volt(moved), of, volt(0));
    };
    // u = 0.1: 0.02 would not matter. 10 * 2 * moved / 2, and 5 * moved.
    assert.deepEqual(
      [at('product', { exponent: 2 }, 0.0019), at('product', { exponent: 2 }, 0.0021)],
      [[], ['0 moved']],
    );
    const sensitivity = { values: [-5], dimension: '' };
    assert.deepEqual(
      [at('general', { sensitivity }, 0.0039), at('general', { sensitivity }, 0.0041)],
      [[], ['0 moved']],
    );
    assert.deepEqual(at('general', {}, 0.001), ['0 moved']);
  });

  it('each row by its own sensitivity and its own place, where these are stated', () => {
    const volt = (error: number): AmendedSource => ({
      ...source([], {
        kind: 'voltage',
        scale: 'ratio',
        dimension: '',
        report: 'report',
        use: { role: 'input', at: [1, 2], sensitivity: { values: [1, 100], dimension: '' } },
      }),
      rows: [
        { x: [1], y: 1, error, u: 1e-6 },
        { x: [2], y: 2, error, u: 1e-6 },
      ],
    });
    const rows = [row(10, 0.2), row(20, 0.2)];
    const of = result(rows, { kind: 'power', scale: 'ratio', dimension: '', method: 'general' });
    assert.deepEqual(affected(volt(0.001), of, volt(0)), ['1 moved']);
  });

  it('an influence counts by its share of the variance, or as all of it', () => {
    const room = (error: number, share: number | null): AmendedSource =>
      thermometer([[293, error, 0.1]], { role: 'influence', share });
    const of = result([row(1, 0.2)], { kind: 'mass', scale: 'ratio', dimension: 'kg1', method: 'direct' });
    const at = (error: number, share: number | null) => affected(room(error, share), of, room(0, share));
    assert.deepEqual([at(0.03, null), at(0.03, 0.01), at(0.3, 0.01)], [['0 moved'], [], ['0 moved']]);
  });

  it('a check or a later calibration affects nobody', () => {
    for (const role of ['check', 'after'] as const) {
      const before = { ...BEFORE, use: { ...BEFORE.use, role } };
      assert.deepEqual(affected(thermometer([[273, 9, 9]]), RESULT, before), []);
    }
  });

  it('numbers that cannot be compared affect the rows that use them', () => {
    for (const bad of [NaN, Infinity]) {
      assert.deepEqual(
        affected(
          thermometer(
            [
              [273, bad, 0.01],
              [373, bad, 0.01],
            ].map(triple),
          ),
        ),
        ['0 moved', '1 moved'],
      );
    }
    const silent = { ...BEFORE, rows: BEFORE.rows.map((each) => ({ ...each, u: null })) };
    assert.deepEqual(affected(silent), ['0 wider', '1 wider']);
  });

  it('converting units does not change which rows an amendment affects', () => {
    const millikelvin = fc.integer({ min: -20, max: 20 }).map((n) => n / 1000);
    property(fc.tuple(millikelvin, fc.constantFrom(1e-30, 1 / 3, 1e3, 1e30)), ([by, unit]) => {
      const version = (error: number, factor: number) =>
        thermometer([
          [273 * factor, error * factor, 0.01 * factor],
          [373 * factor, error * factor, 0.01 * factor],
        ]);
      const of = (factor: number) => result([row(283 * factor, 0.05 * factor)], { method: 'direct' });
      assert.deepEqual(
        affected(version(by, unit), of(unit), version(0, unit)),
        affected(version(by, 1), of(1), version(0, 1)),
      );
    });
  });
});

function triple(numbers: readonly number[]): readonly [number, number, number] {
  return [numbers[0]!, numbers[1]!, numbers[2]!];
}
