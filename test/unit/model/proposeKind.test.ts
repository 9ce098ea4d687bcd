import assert from 'node:assert/strict';
import { KINDS, proposeKind } from '@tracecal/core/model';
import type { KindEvidence } from '@tracecal/core/model';
import fc from 'fast-check';
import { property } from '../../support/property.js';

/** The proposal in short: a kind, candidates joined by `|`, or `?` with the name. */
function proposed(evidence: KindEvidence, unit: string): string {
  const proposal = proposeKind(evidence, unit);
  switch (proposal.certainty) {
    case 'certain':
      return proposal.kind.name;
    case 'ambiguous':
      return proposal.candidates.map(({ name }) => name).join('|');
    case 'unknown':
      return `? ${proposal.name ?? ''}`.trim();
  }
}

const CERTAIN: readonly (readonly [string, KindEvidence, string, string])[] = [
  ['a name', { names: ['Sound pressure level'] }, '\\decibel', 'sound-pressure-level'],
  ['a name in another language', { names: ['Drehmoment'] }, '\\newton\\metre', 'torque'],
  [
    'a refType',
    { refTypes: ['vib_magnitudeTransferCoefCharge'], names: ['Sensitivity'] },
    '\\pico\\coulomb\\metre\\tothe{-1}\\second\\tothe{2}',
    'charge-sensitivity',
  ],
  ['a refType that the name does not repeat', { refTypes: ['temp_W'], names: ['W'] }, '\\one', 'resistance-ratio'],
  [
    'the beginning of a refType',
    { refTypes: ['basic_humidityRelativeMax'], names: ['max'] },
    '\\one',
    'relative-humidity',
  ],
  ['a table', { names: ['Reference'], titles: ['RH'] }, '\\one', 'relative-humidity'],
  [
    'a table that refines the name',
    { names: ['mass'], titles: ['Conventional mass and maximum permissible error'] },
    '\\kilogram',
    'conventional-mass',
  ],
  ['an instrument', { names: ['p'], context: ['Barometer'] }, '\\pascal', 'absolute-pressure'],
  [
    'an instrument that decides between ratios',
    { names: ['Ratio'], context: ['Inductive voltage divider'] },
    '\\one',
    'voltage-ratio',
  ],
  ['a general word with a unit', { names: ['Flow'] }, '\\metre\\tothe{3}\\per\\hour', 'volume-flow'],
  ['a general word of a transducer', { names: ['Sensitivity'] }, '\\milli\\volt\\per\\volt', 'transducer-sensitivity'],
  ['two words that decide together', { names: ['DC calibrator, voltage'] }, '\\volt', 'dc-voltage'],
  [
    'a table that decides',
    { names: ['Pressure'], titles: ['Results in absolute mode'] },
    '\\pascal',
    'absolute-pressure',
  ],
  [
    'a name in one language and a general word in another',
    { names: ['Druck', 'gauge pressure'] },
    '\\bar',
    'gauge-pressure',
  ],
  [
    'a longer name than those in it',
    { names: ['Pressure sensitivity level'] },
    '\\decibel',
    'microphone-pressure-sensitivity-level',
  ],
  ['the scale of a hardness', { names: ['HRB'] }, '\\one', 'rockwell-hardness-b'],
  ['the parameter of a roughness', { names: ['Rz'] }, '\\micro\\metre', 'roughness-rz'],
  [
    'the field of a microphone',
    { names: ['Free-field sensitivity'] },
    '\\volt\\per\\pascal',
    'microphone-free-field-sensitivity',
  ],
  ['which inductance it is', { names: ['Mutual inductance'] }, '\\henry', 'mutual-inductance'],
  ['a unit of one kind only', { names: ['Grenzfrequenz'] }, '\\kilo\\hertz', 'frequency'],
  ['a unit with a zero point', { names: ['Indicated'] }, '\\degreecelsius', 'temperature'],
  [
    'a deviation in kelvin',
    { refTypes: ['basic_measurementError'], names: ['Deviation'] },
    '\\kelvin',
    'temperature-difference',
  ],
  [
    'a deviation in degrees Celsius',
    { refTypes: ['basic_measurementError'], names: ['Deviation'] },
    '\\degreecelsius',
    'temperature-difference',
  ],
  [
    'a correction of a named quantity',
    { names: ['Correction of relative humidity'] },
    '\\percent',
    'relative-humidity-difference',
  ],
  [
    'a difference that is a kind',
    { names: ['AC-DC difference'] },
    '\\micro\\volt\\volt\\tothe{-1}',
    'ac-dc-difference',
  ],
  ['a correction factor, which is no correction', { names: ['Correction factor'] }, '\\one', 'calibration-factor'],
];

describe('The kind of a column of a certificate', () => {
  for (const [title, evidence, unit, kind] of CERTAIN) {
    it(`is certain by ${title}: ${kind}`, () => {
      assert.equal(proposeKind(evidence, unit).certainty, 'certain');
      assert.equal(proposed(evidence, unit), kind);
    });
  }

  it('is open where only the unit tells and several kinds share it', () => {
    assert.equal(proposed({}, '\\newton\\metre'), 'energy|torque');
    assert.equal(proposed({}, '\\pascal'), 'gauge-pressure|absolute-pressure|differential-pressure');
    assert.equal(proposed({ names: ['Reference value'] }, '\\kelvin'), 'temperature|temperature-difference');
    assert.equal(proposed({}, '\\kilogram'), 'mass|conventional-mass');
    assert.match(proposed({ names: ['r'] }, '\\one'), /relative-humidity.*voltage-ratio/);
  });

  it('is open where names disagree', () => {
    assert.equal(proposed({ names: ['Torque or energy'] }, '\\newton\\metre'), 'torque|energy');
    assert.equal(proposed({ names: ['AC', 'dc voltage'] }, '\\volt'), 'ac-voltage|dc-voltage');
  });

  it('is open after a general word, whose name is kept', () => {
    const proposal = proposeKind({ names: ['Ref voltage'] }, '\\volt');
    assert.deepEqual(
      proposal.certainty === 'ambiguous' && [proposal.candidates.map(({ name }) => name), proposal.name],
      [['dc-voltage', 'ac-voltage'], 'voltage'],
    );
    assert.equal(proposed({ names: ['Pressure'] }, '\\bar'), 'gauge-pressure|absolute-pressure|differential-pressure');
  });

  it('is open where the name means what is never stated in the unit', () => {
    const proposal = proposeKind({ names: ['Mass'], context: ['Frequency counter'] }, '\\hertz');
    assert.equal(proposal.certainty, 'ambiguous');
    assert.equal(proposed({ names: ['Mass'] }, '\\hertz'), 'frequency');
  });

  it('is open where the name of one kind runs into that of another', () => {
    const proposal = proposeKind({ names: ['Charge sensitivity level'] }, '\\decibel');
    assert.deepEqual(
      proposal.certainty === 'ambiguous' && [proposal.candidates.map(({ name }) => name), proposal.name],
      [['microphone-sensitivity-level'], 'charge-sensitivity-level'],
    );
    assert.equal(proposeKind({ names: ['Sensitivity level'] }, '\\decibel').certainty, 'certain');
  });

  it('is open where an instrument suggests a kind and the name says something that the vocabulary lacks', () => {
    const proposal = proposeKind({ names: ['Sweep flux'], context: ['Hygrometer'] }, '\\one');
    assert.deepEqual(
      proposal.certainty === 'ambiguous' && [proposal.candidates.map(({ name }) => name), proposal.name],
      [['relative-humidity'], 'sweep-flux'],
    );
  });

  it('is open between a dew point and a temperature where only the instrument speaks of the dew point', () => {
    assert.equal(
      proposed({ names: ['Temperature'], context: ['Dew-point mirror'] }, '\\degreecelsius'),
      'temperature|dew-point',
    );
  });

  it('is named as the certificate names it where the vocabulary lacks it', () => {
    assert.equal(
      proposed({ names: ['Viscosity correction factor'] }, '\\kilogram\\tothe{-1}\\metre\\second\\tothe{2}'),
      '? viscosity-correction-factor',
    );
  });

  it('is never named by words that say nothing', () => {
    for (const name of ['Reference value', 'XXXXXXXXX', 'relative error of indication', '']) {
      assert.equal(proposed({ names: [name] }, '\\kilogram\\tothe{-1}\\metre\\second\\tothe{2}'), '?', name);
    }
  });

  it('is unknown in a unit that is not read', () => {
    const proposal = proposeKind({ names: ['Masse'] }, '/kilogram');
    assert.deepEqual(proposal, { certainty: 'unknown', name: null, because: 'its unit "/kilogram" is not read' });
  });

  it('says what it was concluded from', () => {
    const { because } = proposeKind({ names: ['Ratio'], context: ['Cable', 'IVD'] }, '\\one');
    assert.equal(because, 'its name "Ratio" and the names of item, equipment and method "IVD"');
    assert.equal(proposeKind({}, '\\hertz').because, 'only its unit "\\hertz"');
  });

  it('is certain by every alias of the vocabulary that is not a general word, in each of its units', () => {
    for (const kind of KINDS.filter(({ members }) => members.length === 0)) {
      for (const unit of kind.units) {
        for (const name of [kind.name, ...kind.aliases]) {
          assert.equal(proposed({ names: [name] }, unit), kind.name, `${name} in ${unit}`);
        }
      }
    }
  });

  it('depends on no order of names', () => {
    const some = fc.constantFrom(
      'Masse',
      'conventional mass',
      'Error',
      'Ratio',
      'RH',
      'Temperature',
      'value',
      'Dew point',
    );
    const units = fc.constantFrom('\\one', '\\kelvin', '\\degreecelsius', '\\kilogram', '\\percent', '\\decibel');
    property(fc.tuple(fc.array(some, { maxLength: 4 }), units), ([texts, unit]) => {
      const kinds = (all: readonly string[]) => proposed({ names: all }, unit).split('|').sort().join('|');
      assert.equal(kinds(texts), kinds([...texts].reverse()));
    });
  });
});
