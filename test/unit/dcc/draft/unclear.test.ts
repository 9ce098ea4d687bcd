import assert from 'node:assert/strict';
import { draftSmall, resultsOf, rowsAsText, type MappingParts } from '../../../support/drafts.js';
import { quantity, xmlList } from '../../../support/smallCertificate.js';

const U = (values: string) =>
  `<si:expandedUncXMLList><si:uncertaintyXMLList>${values}</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>`;
const column = (name: string, values: string, unit: string, refType?: string, stated = '') =>
  quantity(name, xmlList(values, unit, stated), refType);
const draft = (columns: readonly string[], mapping?: MappingParts) =>
  draftSmall({ data: `<dcc:list>${columns.join('')}</dcc:list>` }, mapping);
const textOf = (drafted: ReturnType<typeof draft>) => resultsOf(drafted).map(rowsAsText);

describe('a column in the unit of a result', () => {
  const nominal = column('Nominal length', '1 100', '\\milli\\metre', 'basic_nominalValue');
  const deviation = column('Deviation of central length', '0.05 -0.12', '\\micro\\metre', undefined, U('0.02 0.1'));

  for (const [stated, uncertainty] of [
    ['without an uncertainty', ''],
    ['with an uncertainty', U('0.01')],
  ] as const) {
    for (const name of ['Variation in length', 'Abweichungsspanne', 'Resolution', 'Noise']) {
      it(`that describes the item is left out, ${stated}: ${name}`, () => {
        const drafted = draft([nominal, deviation, column(name, '0.02 0.1', '\\micro\\metre', undefined, uncertainty)]);
        assert.deepEqual(textOf(drafted), [['1 0.00005 ± 0.00002 / 2', '100 -0.00012 ± 0.0001 / 2']]);
        assert.deepEqual(resultsOf(drafted)[0]?.result.arguments, []);
        assert.match(
          drafted.leftOut.map(({ name: left, reason }) => left + reason).join(),
          new RegExp(`${name}.*"role"`),
        );
      });
    }
  }

  it('that nobody explains is asked about, and nothing rests on the result until then', () => {
    const columns = [nominal, deviation, column('Probing ball', '6 6', '\\milli\\metre')];
    const asked = draft(columns);
    assert.deepEqual(textOf(asked), [['- - ± 0.00002 / 2', '- - ± 0.0001 / 2']]);
    assert.match(asked.questions.map(({ text }) => text).join(), /What is "Probing ball"\?/);
    const told = (role: string) => draft(columns, { columns: [{ column: 'Probing ball', role }] });
    assert.deepEqual(textOf(told('ignored')), [['1 0.00005 ± 0.00002 / 2', '100 -0.00012 ± 0.0001 / 2']]);
    assert.deepEqual(textOf(told('argument')), [['1 0.00005 @ 6 ± 0.00002 / 2', '100 -0.00012 @ 6 ± 0.0001 / 2']]);
    assert.deepEqual(told('argument').questions, []);
  });

  it('that names another kind of quantity states where the result holds', () => {
    const drafted = draft([
      column('Gauge pressure', '1 2', '\\bar', undefined, U('0.1')),
      column('Absolute pressure', '3 3', '\\bar'),
    ]);
    assert.deepEqual(textOf(drafted), [['1 - @ 3 ± 0.1 / 2', '2 - @ 3 ± 0.1 / 2']]);
    assert.deepEqual(drafted.questions, []);
  });
});

describe('a column whose name says another unit than its values are in', () => {
  const told = (name: string, unit: string) =>
    resultsOf(draft([column(name, '300 301', unit, undefined, U('0.1'))]))
      .flatMap(({ decisions }) => decisions)
      .map(({ decided }) => decided)
      .filter((decided) => decided.includes('although its name says'));

  for (const [name, unit, expected] of [
    ['Temperature in °C', '\\kelvin', 'in K, although its name says °C: check which'],
    ['Temperature [K]', '\\degreecelsius', 'in °C, although its name says K: check which'],
    ['Pressure (mbar)', '\\bar', undefined],
    ['Pressure (kPa)', '\\pascal', 'in Pa, although its name says kPa: check which'],
    ['Voltage [mV]', '\\milli\\volt', undefined],
    ['Voltage [mV]', '\\volt', 'in V, although its name says mV: check which'],
    ['Temperature of type (K)', '\\degreecelsius', undefined],
  ] as const) {
    it(`is ${expected === undefined ? 'not told' : 'told'}: ${name}, ${unit}`, () => {
      assert.deepEqual(told(name, unit), expected === undefined ? [] : [expected]);
    });
  }
});
