import assert from 'node:assert/strict';
import { isUnit, parseUnit, readUnit, UnitError } from '@tracecal/chaincode/model';
import fc from 'fast-check';
import { property } from '../../support/property.js';

/** Expected factor and dimension of units as certificates write them. */
const UNITS: readonly (readonly [string, number, string, string])[] = [
  ['\\one', 1, '', 'ratio'],
  ['\\percent', 0.01, '', 'ratio'],
  ['\\ppm', 1e-6, '', 'ratio'],
  ['\\kelvin', 1, 'K1', 'temperature'],
  ['\\milli\\kelvin', 1e-3, 'K1', 'temperature'],
  ['\\kilogram', 1, 'kg1', 'mass'],
  ['\\kilo\\gram', 1, 'kg1', 'mass'],
  ['\\gram', 1e-3, 'kg1', 'mass'],
  ['\\micro\\gram', 1e-9, 'kg1', 'mass'],
  ['\\tonne', 1e3, 'kg1', 'mass'],
  ['\\milli\\bar', 100, 'm-1 kg1 s-2', 'pressure'],
  ['\\hecto\\pascal', 100, 'm-1 kg1 s-2', 'pressure'],
  ['\\kilogram\\metre\\tothe{-1}\\second\\tothe{-2}', 1, 'm-1 kg1 s-2', 'pressure'],
  ['\\centi\\metre\\tothe{3}', 1e-6, 'm3', 'volume'],
  ['\\litre', 1e-3, 'm3', 'volume'],
  ['\\kilogram\\metre\\tothe{-3}', 1, 'm-3 kg1', 'density'],
  ['\\gram\\per\\centi\\metre\\tothe{3}', 1000, 'm-3 kg1', 'density'],
  ['\\kilogram\\tothe{1}\\metre\\tothe{-3}\\kilogram\\tothe{-1}\\metre\\tothe{3}', 1, '', 'ratio'],
  ['\\kilo\\metre\\per\\hour', 1000 / 3600, 'm1 s-1', 'velocity'],
  ['\\kilogram\\metre\\tothe{2}\\second\\tothe{-3}\\ampere\\tothe{-2}', 1, 'm2 kg1 s-3 A-2', 'resistance'],
  ['\\ohm', 1, 'm2 kg1 s-3 A-2', 'resistance'],
  ['\\volt\\per\\ampere', 1, 'm2 kg1 s-3 A-2', 'resistance'],
  ['\\kelvin\\tothe{-2}', 1, 'K-2', 'other'],
  ['\\degree', Math.PI / 180, '', 'angle'],
  ['\\lux', 1, 'm-2 cd1', 'illuminance'],
  ['\\micro\\sievert\\per\\hour', 1e-6 / 3600, 'm2 s-3', 'other'],
];

describe('D-SI units', () => {
  for (const [text, factor, dimension, quantity] of UNITS) {
    it(`reads ${text} as ${quantity}`, () => {
      assert.deepEqual(readUnit(text), { factor, offset: 0, dimension, quantity });
    });
  }

  it('gives degrees Celsius their zero point, as certificates of either generation write them', () => {
    const celsius = { factor: 1, offset: 273.15, dimension: 'K1', quantity: 'temperature' };
    assert.deepEqual(readUnit('\\degreecelsius'), celsius);
    assert.deepEqual(readUnit('\\degreeCelsius'), celsius);
  });

  it('keeps the zero point of degrees Celsius with a prefix or the exponent 1', () => {
    assert.equal(readUnit('\\milli\\degreecelsius').offset, 273.15);
    assert.equal(readUnit('\\degreecelsius\\tothe{1}').offset, 273.15);
  });

  for (const text of [
    '\\degreecelsius\\one',
    '\\one\\degreecelsius',
    '\\degreecelsius\\per\\one',
    '\\degreeCelsius\\per\\metre',
    '\\milli\\degreecelsius\\percent',
    '\\watt\\per\\degreecelsius',
    '\\per\\degreecelsius',
    '\\degreecelsius\\tothe{-1}',
    '\\degreecelsius\\tothe{2}',
    '\\degreecelsius\\tothe{0}',
    '\\degreecelsius\\per\\degreecelsius',
  ]) {
    it(`refuses ${text}, where degrees Celsius would lose their zero point`, () => {
      assert.throws(
        () => readUnit(text),
        (error) => error instanceof UnitError && error.code === 'UNIT_NOT_ALONE' && error.message.includes('kelvin'),
      );
      assert.equal(isUnit(text), false);
    });
  }

  it('never loses the zero point of degrees Celsius, whatever stands around them', () => {
    const words = fc.constantFrom(
      '\\per',
      '\\milli',
      '\\one',
      '\\metre',
      '\\kelvin',
      '\\tothe{1}',
      '\\tothe{2}',
      '\\percent',
    );
    const celsius = fc.constantFrom('\\degreecelsius', '\\degreeCelsius');
    const around = fc.array(words, { maxLength: 3 });
    property(fc.tuple(around, celsius, around), ([before, unit, behind]) => {
      const found = parseUnit([...before, unit, ...behind].join(''));
      assert.ok(found === undefined || (found.offset === 273.15 && found.dimension === 'K1'));
    });
  });

  it('reads square roots, as in noise densities', () => {
    const { factor, dimension } = readUnit('\\nano\\volt\\hertz\\tothe{-0.5}');
    assert.equal(factor, 1e-9);
    assert.equal(dimension, 'm2 kg1 s-2.5 A-1');
    assert.equal(readUnit('\\kilo\\hertz\\tothe{0.5}').factor, Math.sqrt(1000));
  });

  it('applies \\per to the next unit only', () => {
    assert.equal(readUnit('\\joule\\per\\kilogram\\kelvin').dimension, 'm2 s-2 K1');
  });

  it('rounds once, so that powers of ten are the nearest double', () => {
    assert.equal(readUnit('\\milli\\metre\\tothe{3}').factor, 1e-9);
    assert.equal(readUnit('\\micro\\metre\\tothe{2}').factor, 1e-12);
    assert.equal(readUnit('\\milli\\gram').factor, 1e-6);
  });

  for (const text of [
    '',
    'kg',
    '/kilogram',
    '\\Kelvin',
    '\\Newton',
    '\\kelvin ',
    ' \\kelvin',
    '\\kelvin \\metre',
    '\\kilo',
    '\\per',
    '\\metre\\per',
    '\\tothe{2}',
    '\\metre\\tothe',
    '\\metre\\tothe{}',
    '\\metre\\tothe{x}',
    '\\metre\\tothe{0.3}',
    '\\metre\\tothe{99}',
    '\\metre{2}',
    '\\kilo\\kilogram',
    '\\milli\\one',
    '\\kilo\\milli\\metre',
    '\\constructor',
    '\\__proto__',
    '\\quetta\\metre\\tothe{24}'.repeat(2),
    '\\metre'.repeat(100),
  ]) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.throws(
        () => readUnit(text),
        (error) => error instanceof UnitError && error.code === 'UNIT_UNKNOWN',
      );
      assert.equal(parseUnit(text), undefined);
      assert.equal(isUnit(text), false);
    });
  }

  it('refuses logarithmic units with a code of their own, for uncertainties do not scale in them', () => {
    for (const text of ['\\bel', '\\deci\\bel', '\\neper']) {
      assert.throws(
        () => readUnit(text),
        (error) => error instanceof UnitError && error.code === 'UNIT_NOT_LINEAR',
      );
    }
  });

  it('undoes a power by its inverse', () => {
    const names = fc.constantFrom('metre', 'kilogram', 'second', 'volt', 'pascal', 'litre', 'minute');
    const prefixes = fc.constantFrom('', 'milli', 'kilo', 'micro');
    property(fc.tuple(prefixes, names, fc.integer({ min: 1, max: 6 })), ([prefix, name, power]) => {
      const unit = prefix === '' || ['kilogram', 'minute'].includes(name) ? `\\${name}` : `\\${prefix}\\${name}`;
      const cancelled = readUnit(`${unit}\\tothe{${power}}\\per${unit}\\tothe{${power}}`);
      assert.equal(cancelled.dimension, '');
      assert.ok(Math.abs(cancelled.factor - 1) < 1e-14);
    });
  });

  it('answers any text with a unit or a refusal', () => {
    const words = fc.constantFrom('\\per', '\\kilo', '\\metre', '\\tothe', '{2}', '{-1}', '\\', '{', '}', 'x', '\\day');
    property(fc.array(words, { maxLength: 12 }), (parts) => {
      const unit = parseUnit(parts.join(''));
      assert.ok(unit === undefined || (Number.isFinite(unit.factor) && unit.factor > 0));
    });
  });
});
