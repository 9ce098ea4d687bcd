import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Source } from '@tracecal/core/support';
import { cell, decide, mass, massResult, near, result, row, source } from './build.js';

describe('Results that are computed from others', () => {
  it('scaled: the relative uncertainties of the best standard and of the ratio', () => {
    const ratio = source([[10, 10, 3e-5]], { kind: 'ratio', scale: 'ratio', dimension: '', use: { role: 'ratio' } });
    const of = massResult([row(10, 1e-3)], { method: 'scaled' });
    const found = decide(of, [mass(1, 4e-6), mass(1, 9e-6), ratio]);
    near(found.floor, 5e-5);
    assert.deepEqual([found.outcome, found.codes], ['sound', []]);
    assert.deepEqual(decide(of, [mass(1, 4e-6)]).codes, ['ratio-not-named']);
    assert.deepEqual(decide({ ...of, ratioByDesign: true }, [mass(1, 4e-6)]).codes, []);
  });

  it('scaled: the standard has to be calibrated where it was used', () => {
    const of = massResult([row(10, 1e-3)], { method: 'scaled', ratioByDesign: true });
    assert.equal(decide(of, [mass(1, 4e-6, { at: [1] })]).outcome, 'sound');
    assert.deepEqual(decide(of, [mass(1, 4e-6, { at: [10] })]).codes, ['input-outside']);
    assert.equal(decide(of, [mass(1, 4e-6, { at: [NaN] })]).outcome, 'missing');
  });

  const ratio = (points: readonly number[], use: Partial<Source['use']> = {}) =>
    source(
      points.map((x) => [x, x, 1e-6 * x]),
      { kind: 'ratio', scale: 'ratio', dimension: '', use: { role: 'ratio', ...use } },
    );

  for (const [value, codes] of [
    [10, []],
    [100, []],
    [101, ['input-edge']],
    [1000, ['ratio-outside']],
    [1, []],
    [0.1, ['ratio-outside']],
  ] as const) {
    it(`scaled: ${value} kg from 10 kg by a bridge for 1:1 to 10:1 gives ${codes.join() || 'no finding'}`, () => {
      const of = massResult([row(value, value * 1e-2)], { method: 'scaled' });
      assert.deepEqual(decide(of, [mass(10, 4e-6), ratio([1, 10])]).codes, codes);
    });
  }

  it('scaled: leaving out the ratio is no better than stating it', () => {
    const of = massResult([row(1000, 1)], { method: 'scaled' });
    for (const at of [null, [100]]) {
      assert.equal(decide(of, [mass(10, 4e-6), ratio([1, 10], { at })]).outcome, 'missing');
    }
    assert.deepEqual(decide(of, [mass(10, 4e-6), ratio([1, 10], { at: [10] })]).codes, ['ratio-contradicts']);
    assert.equal(decide(of, [mass(100, 4e-6), ratio([1, 10], { at: [10] })]).outcome, 'sound');
  });

  it('scaled: stated ratios have to lead from the standard to the value, each up or down', () => {
    const of = massResult([row(1e6, 10)], { method: 'scaled' });
    const codes = (...steps: readonly number[]) =>
      decide(of, [mass(1, 4e-9), ...steps.map((at) => ratio([1, 10, 1e3, 1e8], { at: [at] }))]).codes;
    assert.deepEqual(codes(1e6), []);
    assert.deepEqual(codes(1.01e6), []);
    assert.deepEqual(codes(10), ['ratio-contradicts']);
    assert.deepEqual(codes(1), ['ratio-contradicts']);
    assert.deepEqual(codes(1e3, 1e3), []);
    assert.deepEqual(codes(1e8, 100), []);
    assert.deepEqual(codes(1e8, 1e3), ['ratio-contradicts']);
  });

  it('scaled: a ratio that is not stated has the uncertainty of the ratio that follows from the value', () => {
    const points = [[1, 1, 5e-9], [10, 10, 5e-8], [1e6, 1e6, 5]] as const; // prettier-ignore
    const bridge = (use: Partial<Source['use']> = {}) =>
      source(points, { kind: 'ratio', scale: 'ratio', dimension: '', axes: [], use: { role: 'ratio', ...use } });
    const of = massResult([row(1e6, 1)], { method: 'scaled' });
    for (const use of [{}, { at: [1e6] }]) {
      const found = decide(of, [mass(1, 1e-9, {}), bridge(use)]);
      near(found.floor, 1e6 * Math.sqrt(1e-18 + 25e-12));
      assert.deepEqual(found.codes, ['below-floor']);
    }
    const down = decide(massResult([row(0.1, 1e-7)], { method: 'scaled' }), [mass(1, 1e-9, {}), bridge()]);
    near(down.floor, 0.1 * Math.sqrt(1e-18 + 25e-18));
  });

  it('scaled: several steps reach as far as their ratios together, and of several standards one has to fit', () => {
    const of = massResult([row(1000, 1)], { method: 'scaled' });
    const twice = [ratio([1, 10]), ratio([1, 10])];
    assert.ok(!decide(of, [mass(10, 4e-6), ...twice]).codes.includes('ratio-outside'));
    assert.ok(decide(of, [mass(1, 4e-6), ...twice]).codes.includes('ratio-outside'));
    assert.ok(!decide(of, [mass(1, 4e-6), mass(100, 4e-4), ratio([1, 10])]).codes.includes('ratio-outside'));
  });

  it('scaled and product results need a value', () => {
    const use = { role: 'input', exponent: 1 } as const;
    for (const method of ['scaled', 'product'] as const) {
      const of = massResult([row(10, 1e-3, { y: null })], { method, ratioByDesign: true });
      const found = decide(of, [mass(1, 4e-6, method === 'product' ? use : {})]);
      assert.deepEqual(found.codes, ['value-missing'], method);
    }
  });

  it('product: at the place of each row, where one is stated for each', () => {
    const volts = source(
      [
        [1, 1, 1e-3],
        [10, 10, 1e-1],
      ],
      { kind: 'voltage', scale: 'ratio', dimension: 'A1', use: { role: 'input', exponent: 1, at: [1, 10] } },
    );
    const rows = [row(1, 0.1), row(1, 0.1)];
    const of = result(rows, { kind: 'current', scale: 'ratio', dimension: 'A1', method: 'product' });
    const found = decideSupport(of, [volts], DEFAULT_SUPPORT_POLICY);
    near(found.rows[0]!.floor, 1e-3);
    near(found.rows[1]!.floor, 1e-2);
    const misfit = { ...volts, use: { ...volts.use, at: [1, 2, 3] } };
    assert.ok(decide(of, [misfit]).codes.includes('at-unusable'));
  });

  it('an input whose place is not stated counts with the best of its range, with a note where that matters', () => {
    const use = { role: 'input', sensitivity: { values: [1], dimension: '' } } as const;
    const at = (u: number) =>
      decide(massResult([row(3, 1)], { method: 'general' }), [
        source(
          [
            [1, 1, 0.1],
            [2, 2, u],
          ],
          { kind: 'force', scale: 'ratio', dimension: 'kg1', use },
        ),
      ]);
    assert.deepEqual([at(0.2).floor, at(0.2).codes], [0.1, ['best-of-range']]);
    assert.deepEqual(at(0.1).codes, []);
  });

  it('sum: combined weights, of which one with sensitivity 0 contributes nothing', () => {
    const none = { role: 'input', sensitivity: { values: [0], dimension: '' } } as const;
    const of = massResult([row(3, 1)], { method: 'sum' });
    near(decide(of, [mass(1, 0.03, { role: 'input' }), mass(2, 0.04, { role: 'input' })]).floor, 0.05);
    near(decide(of, [mass(1, 0.03, { role: 'input' }), mass(2, 0.04, none)]).floor, 0.03);
    assert.ok(decide(of, [mass(2, 0.04, none)]).codes.includes('nothing-contributes'));
  });

  it('inputs that contribute nothing support nothing, also at the edge of what they cover', () => {
    const nothing = { role: 'input', sensitivity: { values: [0], dimension: '' } } as const;
    for (const at of [1, 1.01]) {
      const of = massResult([row(2, 1e-9)], { method: 'general' });
      const { outcome, codes } = decide(of, [mass(1, 0.01, { ...nothing, at: [at] })]);
      assert.ok(outcome === 'missing' && codes.includes('nothing-contributes'), `${at}: ${outcome}, ${codes.join()}`);
    }
  });

  it('product: between two temperatures the uncertainty is linear, and then part of the temperature', () => {
    const use = { role: 'input', exponent: 1, at: [600] } as const;
    const thermometer = source(
      [
        [300, 300, 0.1],
        [1200, 1200, 0.1],
      ],
      { use },
    );
    const of = result([row(600, 0.2)], { method: 'product' });
    const found = decide(of, [thermometer]);
    near(found.floor, 0.1);
    assert.equal(found.outcome, 'sound');
  });

  it('a sensitivity in a unit that cannot be read contributes nothing that could be shown', () => {
    const use = { role: 'input', sensitivity: { values: [NaN], dimension: null } } as const;
    const found = decide(massResult([row(1, 1)], { method: 'general' }), [mass(1, 0.1, use)]);
    assert.deepEqual(found.references, []);
    assert.ok(found.codes.includes('sensitivity-unit'), found.codes.join());
  });

  it('extreme uncertainties neither lose the floor nor overflow it', () => {
    const tiny = [cell(300, 3e-200), cell(300, 4e-200)];
    near(decide(result([row(300, 1e-199)], { method: 'group' }), tiny).floor, 2.4e-200);
    const huge = source([[1, 1, 1e300]], {
      kind: 'force',
      dimension: 'kg1',
      use: { role: 'input', sensitivity: { values: [1e300], dimension: '' } },
    });
    const found = decide(massResult([row(1, 1)], { method: 'general' }), [huge, mass(1, 0.1, huge.use)]);
    assert.deepEqual([found.outcome, found.floor, found.codes.at(-1)], ['missing', null, 'not-computable']);
  });
});
