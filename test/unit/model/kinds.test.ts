import assert from 'node:assert/strict';
import {
  differenceKind,
  dimensionOfKind,
  fitsUnit,
  isCanonicalKind,
  isKindName,
  isUnit,
  kindNamed,
  kindNameFrom,
  KINDS,
  kindsOfUnit,
  parseUnit,
  scaleOf,
} from '@tracecal/core/model';
import fc from 'fast-check';
import { property } from '../../support/property.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';

const names = (unit: string): readonly string[] => kindsOfUnit(unit).map(({ name }) => name);
const single = KINDS.filter(({ members }) => members.length === 0);

describe('The vocabulary of kinds of quantity', () => {
  it('names each kind once, in lower-case words joined by hyphens that are no units', () => {
    assert.equal(new Set(KINDS.map(({ name }) => name)).size, KINDS.length);
    for (const { name } of KINDS) {
      assert.ok(isKindName(name) && isCanonicalKind(name), name);
    }
  });

  it('leads each alias to a single kind', () => {
    const owners = new Map<string, string>();
    for (const { name, aliases } of KINDS) {
      for (const alias of aliases) {
        const spelled = kindNameFrom(alias);
        assert.equal(owners.get(spelled) ?? name, name, `${alias} names ${owners.get(spelled) ?? ''} and ${name}`);
        owners.set(spelled, name);
        assert.equal(kindNamed(alias)?.name, name, alias);
      }
    }
  });

  it('states each kind in D-SI units of one dimension, the coherent one first', () => {
    for (const { name, units } of single) {
      const read = units.map((unit) => parseUnit(unit));
      assert.ok(units.length > 0, name);
      assert.deepEqual([read[0]?.factor, read[0]?.offset], [1, 0], `${name}: ${units[0] ?? ''}`);
      for (const unit of units) {
        assert.ok(fitsUnit(name, unit), `${name} in ${unit}`);
      }
    }
  });

  it('takes the members of a general word from the vocabulary', () => {
    for (const { name, members } of KINDS.filter((kind) => kind.members.length > 0)) {
      assert.ok(members.length > 1, name);
      for (const member of members) {
        assert.ok(
          single.some((kind) => kind.name === member),
          member,
        );
      }
    }
  });

  it('has the kinds that support.md and its cases use', () => {
    for (const name of [
      'temperature temperature-difference relative-humidity dew-point dc-voltage ac-voltage dc-current ac-current resistance',
      'resistance-ratio voltage-ratio ac-dc-difference capacitance inductance power energy torque force mass conventional-mass',
      'density volume mass-flow volume-flow length length-difference angle gauge-pressure absolute-pressure',
      'differential-pressure sound-pressure-level attenuation gain frequency period time-interval angular-velocity speed',
      'acceleration charge-sensitivity voltage-sensitivity gauge-factor ph electrolytic-conductivity illuminance radiance',
      'activity absorbed-dose area',
    ].flatMap((line) => line.split(' '))) {
      assert.equal(kindNamed(name)?.published, true, name);
    }
  });

  it('has every kind of the numeric cases, with their scale', function () {
    const file = sharedFiles(requireSharedData(this, 'cases')).get('support.json');
    const rows = JSON.parse(file?.toString('utf8') ?? '[]') as { kind?: string; scale?: string }[];
    assert.ok(rows.length > 0);
    for (const { kind, scale } of rows.filter((row) => row.kind !== undefined)) {
      assert.deepEqual([kindNamed(kind!)?.published, scaleOf(kind!)], [true, scale], kind);
    }
  });
});

describe('A kind of quantity', () => {
  it('is found by its aliases in any spelling', () => {
    assert.equal(kindNamed('Relative Humidity')?.name, 'relative-humidity');
    assert.equal(kindNamed('rH')?.name, 'relative-humidity');
    assert.equal(kindNamed('konventioneller Wägewert')?.name, 'conventional-mass');
    assert.equal(kindNamed('dc voltage')?.name, 'dc-voltage');
    assert.equal(kindNamed('pH')?.name, 'ph');
  });

  it('is held by records under its own name only', () => {
    assert.ok(isCanonicalKind('relative-humidity'));
    assert.ok(!isCanonicalKind('rh'));
    assert.ok(!isCanonicalKind('Relative-Humidity'));
  });

  it('that the vocabulary lacks is named, additive and in any unit', () => {
    const kind = kindNamed('wool fineness');
    assert.deepEqual(
      { name: kind?.name, scale: kind?.scale, published: kind?.published, units: kind?.units },
      { name: 'wool-fineness', scale: 'additive', published: false, units: [] },
    );
    assert.ok(isCanonicalKind('wool-fineness'));
    assert.ok(fitsUnit('wool-fineness', '\\micro\\metre'));
    assert.ok(!fitsUnit('wool-fineness', 'um'));
  });

  for (const text of [
    '',
    'other',
    'unknown',
    'kelvin',
    'volt',
    'reference-value',
    'XXXXXXXXX',
    '4711',
    'x',
    'a'.repeat(65),
  ]) {
    it(`is not named by ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.equal(kindNamed(text), undefined);
      assert.equal(isCanonicalKind(text), false);
      assert.equal(scaleOf(text), 'additive');
    });
  }

  it('is not found among the properties of objects', () => {
    assert.equal(kindNamed('constructor')?.published, false);
    assert.equal(kindNamed('__proto__')?.published, false);
  });

  it('has a difference of its own, which is additive and has no zero point', () => {
    assert.equal(differenceKind('temperature')?.name, 'temperature-difference');
    const difference = differenceKind('gauge-pressure');
    assert.deepEqual(
      [difference?.name, difference?.scale, difference?.differenceOf],
      ['gauge-pressure-difference', 'additive', 'gauge-pressure'],
    );
    assert.ok(isCanonicalKind('gauge-pressure-difference'));
    assert.ok(fitsUnit('gauge-pressure-difference', '\\bar'));
    assert.equal(differenceKind('temperature-difference')?.name, 'temperature-difference');
    assert.equal(kindNamed('Temperatur difference')?.name, 'temperature-difference');
  });

  it('of a general word has the scale that its members share', () => {
    assert.equal(scaleOf('pressure'), 'ratio');
    assert.equal(scaleOf('sensitivity'), 'additive');
    assert.ok(fitsUnit('pressure', '\\hecto\\pascal'));
    assert.ok(!fitsUnit('pressure', '\\newton'));
  });
});

describe('Kinds and units', () => {
  it('never takes a unit for a kind: several kinds share most units, in a fixed order', () => {
    assert.deepEqual(names('\\newton\\metre'), ['energy', 'torque']);
    assert.deepEqual(names('\\kelvin').slice(0, 2), ['temperature', 'temperature-difference']);
    assert.deepEqual(names('\\hecto\\pascal').slice(0, 3), [
      'gauge-pressure',
      'absolute-pressure',
      'differential-pressure',
    ]);
    for (const kind of [
      'relative-humidity',
      'voltage-ratio',
      'resistance-ratio',
      'ac-dc-difference',
      'gauge-factor',
      'ph',
    ]) {
      assert.ok(names('\\one').includes(kind), kind);
    }
    assert.deepEqual(names('not a unit'), []);
  });

  it('tells kinds of one dimension by the words of their unit', () => {
    assert.deepEqual(names('\\kilo\\joule'), ['energy']);
    assert.deepEqual(names('\\hertz'), ['frequency']);
    assert.deepEqual(names('\\radian\\per\\second'), ['angular-velocity']);
    assert.deepEqual(names('\\becquerel'), ['activity']);
    assert.deepEqual(names('\\lux'), ['illuminance']);
    assert.deepEqual(names('\\milli\\gray'), ['absorbed-dose', 'air-kerma']);
    assert.deepEqual(names('\\degree'), ['phase-angle', 'angle']);
  });

  for (const [kind, unit] of [
    ['torque', '\\joule'],
    ['frequency', '\\radian\\per\\second'],
    ['angular-velocity', '\\hertz'],
    ['frequency', '\\becquerel'],
    ['relative-humidity', '\\radian'],
    ['attenuation', '\\one'],
    ['voltage-ratio', '\\decibel'],
    ['luminance', '\\lux'],
    ['temperature', '\\watt'],
    ['temperature', 'K'],
  ] as const) {
    it(`does not state ${kind} in ${unit}`, () => assert.equal(fitsUnit(kind, unit), false));
  }

  it('compares the dimension of any unit that a kind is stated in', () => {
    const units = single.flatMap((kind) => kind.units);
    property(fc.tuple(fc.constantFrom(...single), fc.constantFrom(...units)), ([kind, unit]) => {
      assert.ok(isUnit(unit));
      if (fitsUnit(kind.name, unit)) {
        assert.equal(parseUnit(unit)?.dimension, dimensionOfKind(kind.name));
        assert.ok(names(unit).includes(kind.name));
      }
    });
  });

  it('answers any text with a kind or none', () => {
    property(fc.string({ maxLength: 80 }), (text) => {
      const kind = kindNamed(text);
      assert.ok(kind === undefined || isCanonicalKind(kind.name), text);
    });
  });
});
