import assert from 'node:assert/strict';
import { isUnit, parseUnit, readUnit, UnitError } from '@tracecal/core/model';
import fc from 'fast-check';
import { property } from '../../support/property.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';

/** Expected factor and dimension of units as certificates write them. */
const UNITS: readonly (readonly [string, number, string])[] = [
  ['\\one', 1, ''],
  ['\\percent', 0.01, ''],
  ['\\ppm', 1e-6, ''],
  ['\\kelvin', 1, 'K1'],
  ['\\milli\\kelvin', 1e-3, 'K1'],
  ['\\kilogram', 1, 'kg1'],
  ['\\kilo\\gram', 1, 'kg1'],
  ['\\gram', 1e-3, 'kg1'],
  ['\\micro\\gram', 1e-9, 'kg1'],
  ['\\tonne', 1e3, 'kg1'],
  ['\\milli\\bar', 100, 'm-1 kg1 s-2'],
  ['\\hecto\\pascal', 100, 'm-1 kg1 s-2'],
  ['\\kilogram\\metre\\tothe{-1}\\second\\tothe{-2}', 1, 'm-1 kg1 s-2'],
  ['\\centi\\metre\\tothe{3}', 1e-6, 'm3'],
  ['\\litre', 1e-3, 'm3'],
  ['\\kilogram\\metre\\tothe{-3}', 1, 'm-3 kg1'],
  ['\\gram\\per\\centi\\metre\\tothe{3}', 1000, 'm-3 kg1'],
  ['\\kilogram\\tothe{1}\\metre\\tothe{-3}\\kilogram\\tothe{-1}\\metre\\tothe{3}', 1, ''],
  ['\\kilo\\metre\\per\\hour', 1000 / 3600, 'm1 s-1'],
  ['\\kilogram\\metre\\tothe{2}\\second\\tothe{-3}\\ampere\\tothe{-2}', 1, 'm2 kg1 s-3 A-2'],
  ['\\ohm', 1, 'm2 kg1 s-3 A-2'],
  ['\\volt\\per\\ampere', 1, 'm2 kg1 s-3 A-2'],
  ['\\kelvin\\tothe{-2}', 1, 'K-2'],
  ['\\degree', Math.PI / 180, ''],
  ['\\lux', 1, 'm-2 cd1'],
  ['\\micro\\sievert\\per\\hour', 1e-6 / 3600, 'm2 s-3'],
];

describe('D-SI units', () => {
  for (const [text, factor, dimension] of UNITS) {
    it(`reads ${text} as ${factor} ${dimension || 'of one'}`, () => {
      const { words, ...unit } = readUnit(text);
      assert.deepEqual(unit, { factor, offset: 0, dimension });
      assert.ok(words.length > 0);
    });
  }

  it('gives degrees Celsius their zero point, as certificates of either generation write them', () => {
    const celsius = { factor: 1, offset: 273.15, dimension: 'K1' };
    assert.deepEqual(readUnit('\\degreecelsius'), { ...celsius, words: ['degreecelsius'] });
    assert.deepEqual(readUnit('\\degreeCelsius'), { ...celsius, words: ['degreeCelsius'] });
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

  it('reads logarithmic units as levels, which are no ratio', () => {
    const level = (text: string) => [readUnit(text).factor, readUnit(text).dimension];
    assert.deepEqual(level('\\decibel'), [1, 'level1']);
    assert.deepEqual(level('\\bel'), [10, 'level1']);
    assert.deepEqual(level('\\deci\\bel'), [1, 'level1']);
    assert.deepEqual(level('\\milli\\bel'), [0.01, 'level1']);
    assert.deepEqual(level('\\neper'), [8.685889638065037, 'level1']);
    assert.deepEqual(level('\\decibel\\per\\kilo\\metre'), [1e-3, 'm-1 level1']);
    assert.notEqual(readUnit('\\decibel').dimension, readUnit('\\one').dimension);
    assert.equal(isUnit('\\milli\\decibel'), false, 'D-SI gives the decibel no prefix');
  });

  it('keeps percent and parts per million as factors of one', () => {
    assert.equal(readUnit('\\percent').dimension, '');
    assert.equal(readUnit('\\ppm\\per\\kelvin').dimension, 'K-1');
  });

  it('reads a knot as an exact fraction, rounded once', () => {
    assert.equal(readUnit('\\knot').factor, 1852 / 3600);
    assert.equal(readUnit('\\knot\\tothe{-1}').factor, 3600 / 1852);
  });

  it('tells the units of equal dimension by their words', () => {
    assert.deepEqual(readUnit('\\candela\\per\\metre\\tothe{2}').words, ['candela', 'metre']);
    assert.deepEqual(readUnit('\\micro\\sievert\\per\\hour').words, ['sievert', 'hour']);
  });

  for (const text of ['\\bohr', '\\hartree', '\\planckbar', '\\mega\\byte', '\\bit\\per\\second']) {
    it(`refuses ${text} with the reason, for it has no exact size in SI units`, () => {
      assert.throws(
        () => readUnit(text),
        (error) =>
          error instanceof UnitError && error.code === 'UNIT_UNSUPPORTED' && error.message.includes(' SI unit'),
      );
    });
  }

  it('says how a unit with a capital letter is written', () => {
    assert.throws(() => readUnit('\\Newton'), { message: /lower-case letters: "\\newton"/ });
    assert.throws(() => readUnit('|mbar'), { message: /is not a D-SI unit/ });
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

  for (const folder of [['dcc', 'certificates'], ['dcc', 'signed'], ['cases']]) {
    it(`reads or refuses every unit in ${folder.join('/')}`, function () {
      const files = sharedFiles(requireSharedData(this, ...folder));
      const texts = [...files.values()].flatMap((file) => [
        ...file.toString('utf8').matchAll(/<(?:si:)?unit(?:XMLList)?>([^<]*)</g),
      ]);
      const units = new Set(texts.flatMap(([, list = '']) => list.split(/\s+/).filter((each) => each !== '')));
      const refused = [...units].filter((unit) => !isUnit(unit));
      assert.ok(units.size > 3);
      // Written against D-SI by their laboratories; the reason is shown at import.
      const known = ['/kilogram', '\\Kelvin\\tothe{-1}', '\\Newton', '|mbar'];
      assert.deepEqual(
        refused.filter((unit) => !known.includes(unit)),
        [],
      );
      for (const unit of refused) {
        assert.throws(() => readUnit(unit), UnitError);
      }
    });
  }
});
