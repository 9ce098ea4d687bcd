import assert from 'node:assert/strict';
import { dimensionOfKind, EXACT_RELATIONS, exactRelation, kindNamed } from '@tracecal/core/model';
import type { Estimate } from '@tracecal/core/model';
import fc from 'fast-check';
import { property } from '../../support/property.js';

function converted(from: string, to: string, value: number, uncertainty: number | null): Estimate {
  const estimate = exactRelation(from, to)?.convert({ value, uncertainty });
  assert.ok(estimate, `${from} to ${to} at ${value}`);
  return estimate;
}

function close(actual: number | null, expected: number, tolerance = 1e-13): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= tolerance * Math.abs(expected),
    `${actual} for ${expected}`,
  );
}

describe('An exact relation', () => {
  it('leads from a period to a frequency', () => {
    assert.equal(converted('period', 'frequency', 0.1, 1e-6).value, 10);
    close(converted('period', 'frequency', 0.1, 1e-6).uncertainty, 1e-4);
    assert.equal(converted('period', 'frequency', 0.1, null).uncertainty, null);
  });

  it('leads from a resistance to a conductance', () => {
    const { value, uncertainty } = converted('resistance', 'conductance', 1e4, 0.01);
    close(value, 1e-4);
    close(uncertainty, 1e-10);
  });

  it('leads from a wavelength to a frequency in vacuum, and says so', () => {
    close(converted('wavelength', 'frequency', 632.991e-9, 1e-15).value, 299792458 / 632.991e-9);
    assert.match(exactRelation('wavelength', 'frequency')?.note ?? '', /vacuum.*299 792 458/);
    assert.equal(exactRelation('wavelength-in-air', 'frequency'), undefined);
  });

  it('leads from a voltage ratio to an attenuation, as in row 9d of the cases', () => {
    const { value, uncertainty } = converted('voltage-ratio', 'attenuation', 0.1, 2e-5);
    assert.equal(value, 20);
    close(uncertainty, 0.0017372, 1e-4);
  });

  it('counts powers with 10 lg and pressures from their reference', () => {
    assert.equal(converted('power-ratio', 'gain-level', 100, null).value, 20);
    close(converted('sound-pressure', 'sound-pressure-level', 1, 0.01).value, 93.97940008672037);
    close(converted('sound-pressure-level', 'sound-pressure', 94, 0.08).value, 1.0023744672545447);
  });

  it('is found by aliases', () => {
    assert.equal(exactRelation('DC resistance', 'Leitwert')?.to, 'conductance');
  });

  for (const [from, to] of [
    ['mass', 'conventional-mass'],
    ['gauge-pressure', 'absolute-pressure'],
    ['resistance-ratio', 'temperature'],
    ['angular-velocity', 'frequency'],
    ['rotational-frequency', 'angular-velocity'],
    ['torque', 'energy'],
    ['temperature', 'temperature-difference'],
    ['temperature', 'temperature'],
    ['pressure', 'gauge-pressure'],
    ['wool-fineness', 'length'],
    ['', ''],
  ] as const) {
    it(`does not lead from ${from || 'nothing'} to ${to || 'nothing'}`, () =>
      assert.equal(exactRelation(from, to), undefined));
  }

  it('exists both ways, between published kinds, and says how', () => {
    for (const { from, to, note } of EXACT_RELATIONS) {
      assert.ok(kindNamed(from)?.published && kindNamed(to)?.published, `${from} ${to}`);
      assert.ok(exactRelation(to, from), `${to} to ${from}`);
      assert.match(note, /=/);
    }
  });

  for (const value of [0, -0, NaN, Infinity, -Infinity]) {
    it(`gives nothing at ${value} where it has no value there`, () => {
      assert.equal(exactRelation('period', 'frequency')?.convert({ value, uncertainty: 1 }), null);
      assert.equal(exactRelation('voltage-ratio', 'attenuation')?.convert({ value, uncertainty: 1 }), null);
    });
  }

  it('fails closed at extreme values', () => {
    const toFrequency = exactRelation('period', 'frequency')!;
    assert.equal(toFrequency.convert({ value: 1e-320, uncertainty: 1e-320 }), null);
    assert.equal(toFrequency.convert({ value: 1e308, uncertainty: 1e-300 }), null, 'an uncertainty that would vanish');
    assert.equal(toFrequency.convert({ value: 1, uncertainty: Infinity }), null);
    assert.equal(toFrequency.convert({ value: 1, uncertainty: NaN }), null);
    const toRatio = exactRelation('attenuation', 'voltage-ratio')!;
    assert.equal(toRatio.convert({ value: -1e308, uncertainty: 1 }), null);
    assert.equal(toRatio.convert({ value: 1e308, uncertainty: 1 }), null);
    assert.equal(toRatio.convert({ value: 1e308, uncertainty: null }), null);
    assert.equal(exactRelation('voltage-ratio', 'attenuation')?.convert({ value: -0.1, uncertainty: 1e-5 }), null);
  });

  it('comes back to the value and the uncertainty that it left', () => {
    const relations = fc.constantFrom(...EXACT_RELATIONS);
    const values = fc.double({ min: 1e-6, max: 200, noNaN: true });
    const shares = fc.double({ min: 1e-9, max: 0.1, noNaN: true });
    property(fc.tuple(relations, values, shares), ([{ from, to, convert }, value, share]) => {
      const there = convert({ value, uncertainty: share * value });
      const back = there && exactRelation(to, from)?.convert(there);
      // A level near zero is as exact as a level can be, not as the small number that it is.
      const exactness = dimensionOfKind(from) === 'level1' ? 1e-12 : 1e-12 * value;
      assert.ok(back && Math.abs(back.value - value) <= exactness, `${back?.value ?? NaN} for ${value}`);
      close(back.uncertainty, share * value, 1e-11);
    });
  });

  it('agrees with the logarithm of the engine to 14 digits', () => {
    const powers = fc.double({ min: -300, max: 300, noNaN: true });
    property(powers, (power) => {
      const value = 10 ** power;
      const level = exactRelation('gain', 'gain-level')?.convert({ value, uncertainty: null })?.value ?? NaN;
      assert.ok(Math.abs(level - 20 * Math.log10(value)) <= 1e-12 * Math.max(1, Math.abs(level)), `${value}`);
    });
    property(powers, (power) => {
      close(converted('gain-level', 'gain', 20 * power, null).value, 10 ** power, 1e-12);
    });
  });

  it('gives whole levels at powers of ten', () => {
    for (let power = -300; power <= 300; power++) {
      assert.equal(converted('gain', 'gain-level', Number(`1e${power}`), null).value, 20 * power);
    }
  });
});
