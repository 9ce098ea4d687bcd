import assert from 'node:assert/strict';
import {
  absoluteUncertainties,
  absoluteUncertainty,
  BIVARIATE_FACTOR_95,
  differenceIn,
  differenceToSi,
  isUnivariate,
  kindsOfUnit,
  toSi,
  valueIn,
} from '@tracecal/core/model';
import fc from 'fast-check';
import { property } from '../../support/property.js';

const NOT_FINITE = [NaN, Infinity, -Infinity];

describe('Values in SI units', () => {
  it('take the zero point of degrees Celsius for a temperature, never for a difference', () => {
    assert.equal(toSi('\\degreecelsius', 'temperature', 20), 293.15);
    assert.equal(toSi('\\degreecelsius', 'dew-point', -273.15), 0);
    assert.equal(toSi('\\degreecelsius', 'temperature-difference', -5), -5);
    assert.equal(differenceToSi('\\degreecelsius', 0.05), 0.05);
    assert.equal(differenceToSi('\\milli\\kelvin', 50), 0.05);
  });

  it('exist in units of their kind only', () => {
    assert.equal(toSi('\\watt', 'temperature', 20), null);
    assert.equal(toSi('\\one', 'attenuation', 20), null);
    assert.equal(toSi('\\joule', 'torque', 1), null);
    assert.equal(toSi('degC', 'temperature', 20), null);
    assert.equal(toSi('\\kelvin', 'reference value', 20), null);
    assert.equal(differenceToSi('K', 1), null);
    assert.equal(toSi('\\kilo\\metre', 'wool-fineness', 20), 20_000);
  });

  it('of levels are in decibels', () => {
    assert.equal(toSi('\\bel', 'attenuation', 2), 20);
    assert.equal(toSi('\\neper', 'attenuation', 1), 8.685889638065037);
  });

  for (const value of NOT_FINITE) {
    it(`do not exist for ${value}`, () => {
      assert.equal(toSi('\\kelvin', 'temperature', value), null);
      assert.equal(differenceToSi('\\kelvin', value), null);
      assert.equal(differenceIn('\\kelvin', '\\kelvin', value), null);
      assert.equal(valueIn('\\kelvin', '\\kelvin', value), null);
    });
  }

  it('do not exist beyond the numbers: extreme units fail closed', () => {
    assert.equal(toSi('\\quetta\\kelvin', 'temperature', 1e308), null);
    assert.equal(differenceToSi('\\quetta\\kelvin', -1e308), null);
    assert.equal(differenceToSi('\\quecto\\kelvin', 1e-308), null, 'a difference that would vanish');
    assert.equal(differenceIn('\\quetta\\kelvin', '\\kelvin', 1e300), null);
    assert.equal(differenceIn('\\quecto\\kelvin', '\\quetta\\kelvin', 1e-290), null);
    assert.equal(valueIn('\\quetta\\kelvin', '\\degreecelsius', 1e300), null);
    assert.equal(toSi('\\quetta\\kelvin', 'temperature', 0), 0);
  });

  it('in another unit of their dimension keep or lose the zero point', () => {
    assert.equal(valueIn('\\degreecelsius', '\\kelvin', 0), 273.15);
    assert.equal(valueIn('\\kelvin', '\\degreecelsius', 273.15), 0);
    assert.equal(valueIn('\\degreecelsius', '\\degreeCelsius', 0.1), 0.1);
    assert.equal(differenceIn('\\milli\\kelvin', '\\degreecelsius', 50), 0.05);
    assert.equal(differenceIn('\\hecto\\pascal', '\\milli\\bar', 3), 3);
    assert.equal(differenceIn('\\decibel', '\\one', 3), null);
    assert.equal(valueIn('\\kelvin', '\\metre', 3), null);
  });
});

describe('A relative uncertainty', () => {
  it('becomes absolute at each value', () => {
    assert.equal(absoluteUncertainty(0.002, '\\one', 3, '\\metre\\tothe{3}\\per\\hour'), 0.006);
    assert.equal(absoluteUncertainty(0.5, '\\percent', -200, '\\pascal'), 1);
    assert.equal(absoluteUncertainty(10, '\\micro\\volt\\per\\volt', 1e3, '\\volt'), 0.01);
  });

  it('gives none at zero, and none where it is negative or no ratio', () => {
    assert.equal(absoluteUncertainty(0.01, '\\one', 0, '\\pascal'), null);
    assert.equal(absoluteUncertainty(-0.01, '\\one', 1, '\\pascal'), null);
    assert.equal(absoluteUncertainty(0.01, '\\kelvin', 1, '\\kelvin'), null);
    assert.equal(absoluteUncertainty(0.01, '\\decibel', 1, '\\volt'), null);
    assert.equal(absoluteUncertainty(0.01, '%', 1, '\\volt'), null);
  });

  it('that is zero stays zero, for whoever refuses it', () => {
    assert.equal(absoluteUncertainty(0, '\\one', 5, '\\pascal'), 0);
  });

  it('says nothing where zero is a convention', () => {
    assert.equal(absoluteUncertainty(0.01, '\\one', 20, '\\degreecelsius'), null);
    assert.equal(absoluteUncertainty(0.01, '\\one', 94, '\\decibel'), null);
    assert.equal(absoluteUncertainty(0.01, '\\one', 300, '\\kelvin'), 3);
  });

  it('of a list is missing where a value or an uncertainty is missing, and only there', () => {
    assert.deepEqual(absoluteUncertainties([0.01, NaN, 0.01, 0.01], '\\one', [100, 100, NaN, 0], '\\volt'), [
      1,
      null,
      null,
      null,
    ]);
    assert.deepEqual(absoluteUncertainties([0.01], '\\one', [100, 200, 0], '\\volt'), [1, 2, null]);
    assert.deepEqual(absoluteUncertainties([0.01, 0.01], '\\one', [100, 200, 300], '\\volt'), [1, 2, null]);
    assert.deepEqual(absoluteUncertainties([], '\\one', [100], '\\volt'), [null]);
  });

  it('does not exist beyond the numbers', () => {
    assert.equal(absoluteUncertainty(1e10, '\\one', 1e300, '\\volt'), null);
    assert.equal(absoluteUncertainty(Infinity, '\\one', 1, '\\volt'), null);
    assert.equal(absoluteUncertainty(1e-200, '\\one', 1e-200, '\\volt'), null, 'an uncertainty that would vanish');
  });
});

describe('The uncertainty of a complex value', () => {
  it('is not held against the rule for one number', () => {
    assert.ok(isUnivariate('interval'));
    assert.ok(!isUnivariate('ellipse') && !isUnivariate('rectangle'));
    assert.ok(Math.abs(BIVARIATE_FACTOR_95 - Math.sqrt(-2 * Math.log(0.05))) < 1e-12);
  });
});

describe('Converting units', () => {
  const units = ['', '\\milli', '\\kilo', '\\quetta', '\\quecto'].map((prefix) => `${prefix}\\kelvin`);
  const pairs = fc.tuple(fc.constantFrom(...units, '\\degreecelsius'), fc.constantFrom(...units));
  const moderate = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((value) => Math.abs(value) > 1e-200);

  it('never changes which of two differences is larger', () => {
    property(fc.tuple(pairs, moderate, moderate), ([[from, to], a, b]) => {
      // Closer than rounding can tell: comparisons have a relative slack of 1e-9.
      fc.pre(Math.abs(a - b) > 1e-9 * Math.max(Math.abs(a), Math.abs(b)));
      const [first, second] = [differenceIn(from, to, a), differenceIn(from, to, b)];
      assert.ok(first !== null && second !== null);
      assert.equal(first < second, a < b);
    });
  });

  it('never changes an uncertainty by more than rounding, there and back', () => {
    property(fc.tuple(pairs, fc.double({ min: 1e-9, max: 1e9, noNaN: true })), ([[from, to], value]) => {
      const back = differenceIn(to, from, differenceIn(from, to, value) ?? NaN);
      assert.ok(back !== null && Math.abs(back - value) <= 1e-14 * value);
    });
  });

  it('gives the same SI value whatever unit a certificate states', () => {
    property(
      fc.tuple(fc.constantFrom('\\pascal', '\\hecto\\pascal', '\\bar', '\\milli\\bar'), moderate),
      ([unit, value]) => {
        const stated = differenceIn('\\pascal', unit, value);
        const si = stated === null ? null : toSi(unit, 'gauge-pressure', stated);
        assert.ok(si !== null && Math.abs(si - value) <= 1e-14 * Math.abs(value));
      },
    );
  });

  it('answers finite numbers or nothing, for any number and kind', () => {
    const anyUnit = fc.constantFrom(
      '\\quetta\\kelvin',
      '\\quecto\\volt',
      '\\degreecelsius',
      '\\decibel',
      '\\kilo\\pascal',
      '\\ppm',
    );
    property(fc.tuple(anyUnit, fc.double()), ([unit, value]) => {
      for (const { name } of kindsOfUnit(unit)) {
        const si = toSi(unit, name, value);
        assert.ok(si === null || Number.isFinite(si));
      }
      const absolute = absoluteUncertainty(value, '\\one', value, unit);
      assert.ok(absolute === null || (Number.isFinite(absolute) && absolute >= 0));
    });
  });
});
