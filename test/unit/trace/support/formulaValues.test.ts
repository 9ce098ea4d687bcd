import assert from 'node:assert/strict';
import type { Constant, Scale, Source, SupportedResult, Use } from '@tracecal/core/support';
import { decide, result, row, source } from './build.js';

/** An input over a range of values, used at one of them. */
function input(
  at: number,
  of: { readonly kind: string; readonly scale: Scale; readonly range: readonly number[]; readonly u: number },
  use: Partial<Use> = {},
): Source {
  const { kind, scale, range, u } = of;
  const points = range.map((x) => [x, x, u] as const);
  return source(points, { kind, scale, dimension: '', axes: [], use: { role: 'input', at: [at], ...use } });
}

const c = (value: number): Partial<Use> => ({ sensitivity: { values: [value], dimension: '' } });

/** What is decided of a computed value with an expanded uncertainty. */
function codesOf(
  [value, expanded]: readonly [number, number],
  of: Partial<SupportedResult>,
  sources: readonly Source[],
): readonly string[] {
  return decide(result([row(value, expanded)], { axes: [], dimension: '', ...of }), sources).codes;
}

describe('The value of a declared formula', () => {
  const thermometer = { kind: 'temperature', scale: 'additive', range: [273.15, 373.15], u: 0.002 } as const;
  const kelvins = { kind: 'temperature-difference', scale: 'additive', range: [-1, 1], u: 0.001 } as const;

  const temperature = (value: number) =>
    codesOf([value, 0.006], { kind: 'temperature', scale: 'additive', method: 'sum' }, [
      input(293.15, thermometer),
      input(0.01, kelvins),
    ]);

  it('is compared with a temperature within its U, not within a part of its kelvins', () => {
    assert.deepEqual(temperature(293.16), []);
    assert.deepEqual(temperature(293.165), []);
    assert.deepEqual(temperature(293.17), ['model-contradicts']);
    assert.deepEqual(temperature(298.65), ['model-contradicts']);
  });

  it('is compared with a difference, not with the numbers that it is the difference of', () => {
    const difference = (value: number) =>
      codesOf([value, 0.006], { kind: 'temperature-difference', scale: 'additive', method: 'sum' }, [
        input(293.16, thermometer, c(1)),
        input(293.15, thermometer, c(-1)),
      ]);
    assert.deepEqual(difference(0.01), []);
    for (const value of [5.5, -5.5, 0.02]) {
      assert.deepEqual(difference(value), ['model-contradicts'], `${value} K`);
    }
    const masses = { kind: 'mass', scale: 'ratio', range: [1, 1.0005], u: 1e-9 } as const;
    const gram = (value: number) =>
      codesOf([value, 1e-7], { kind: 'mass', scale: 'ratio', method: 'sum' }, [
        input(1.0005, masses, c(1)),
        input(1, masses, c(-1)),
      ]);
    assert.deepEqual(gram(0.0005), []);
    assert.deepEqual(gram(0.000509), []);
    assert.deepEqual(gram(0.00052), ['model-contradicts']);
  });

  it('is compared with a level within its U', () => {
    const level = { kind: 'level', scale: 'additive', range: [94], u: 0.02 } as const;
    const gain = { kind: 'gain', scale: 'additive', range: [0.1], u: 0.005 } as const;
    const decibels = (value: number) =>
      codesOf([value, 0.06], { kind: 'level', scale: 'additive', method: 'sum' }, [input(94, level), input(0.1, gain)]);
    assert.deepEqual(decibels(94.15), []);
    assert.deepEqual(decibels(95.9), ['model-contradicts']);
  });

  it('counts at the places that are stated, also just outside the calibrated ranges', () => {
    const at = (place: number, value: number) =>
      codesOf([value, 0.006], { kind: 'temperature', scale: 'additive', method: 'sum' }, [input(place, thermometer)]);
    assert.deepEqual(at(374.15, 374.15), ['input-edge']);
    assert.deepEqual(at(374.15, 373.15), ['input-edge']);
    assert.deepEqual(at(374.15, 373.65), ['input-edge', 'model-contradicts']);
  });

  const volts = { kind: 'voltage', scale: 'ratio', range: [-10, 0.1, 10], u: 1e-4 } as const;
  const ohms = { kind: 'resistance', scale: 'ratio', range: [0.1], u: 1e-6 } as const;
  const amperes = (value: number, at = 0.1, constants: readonly Constant[] = []) =>
    codesOf([value, 0.05], { kind: 'current', scale: 'ratio', method: 'product', constants }, [
      input(at, volts, { exponent: 1 }),
      input(0.1, ohms, { exponent: -1 }),
    ]);

  it('has a sign in a product, too', () => {
    assert.deepEqual(amperes(1), []);
    assert.deepEqual(amperes(-1), ['model-contradicts']);
    assert.deepEqual(amperes(-1, -0.1), []);
    assert.deepEqual(amperes(1, -0.1), ['model-contradicts']);
    const reversed = { name: 'direction', value: -1, dimension: '', share: null, isExact: true };
    assert.deepEqual(amperes(-1, 0.1, [reversed]), []);
  });

  it('of a negative number has the sign of its power, and either sign if that is a square root', () => {
    const power = (value: number, exponent: number) =>
      codesOf([value, Math.abs(value)], { kind: 'power', scale: 'ratio', method: 'product' }, [
        input(-8, volts, { exponent }),
      ]);
    assert.deepEqual([power(64, 2), power(-64, 2)], [[], ['model-contradicts']]);
    assert.deepEqual([power(-2, 1 / 3), power(2, 1 / 3)], [[], ['model-contradicts']]);
    assert.deepEqual([power(8 ** 0.5, 0.5), power(-(8 ** 0.5), 0.5)], [[], []]);
  });

  it('of an input that may be on both sides of zero may be anything between', () => {
    const atFifty = (value: number) =>
      codesOf([value, 0.5], { kind: 'current', scale: 'ratio', method: 'product' }, [
        source(
          [
            [50, -10, 0.01],
            [50, 10, 0.01],
          ],
          {
            kind: 'voltage',
            scale: 'ratio',
            dimension: '',
            axes: [{ kind: 'frequency', name: 'f' }],
            use: { role: 'input', exponent: 1, at: [50] },
          },
        ),
      ]);
    for (const value of [-10, -3, 3, 10]) {
      assert.deepEqual(atFifty(value), [], `${value} A`);
    }
    assert.deepEqual(atFifty(11), ['model-contradicts']);
  });
});
