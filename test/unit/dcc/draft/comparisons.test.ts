import assert from 'node:assert/strict';
import { draftSmall, resultsOf, rowsAsText } from '../../../support/drafts.js';
import { expandedUnc, quantity, real, text, xmlList } from '../../../support/smallCertificate.js';

const CELSIUS = '\\degreecelsius';
const U = (values: string) =>
  `<si:expandedUncXMLList><si:uncertaintyXMLList>${values}</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>`;
const column = (name: string, values: string, unit: string, refType?: string, stated = '') =>
  quantity(name, xmlList(values, unit, stated), refType);
const draft = (...columns: string[]) => draftSmall({ data: `<dcc:list>${columns.join('')}</dcc:list>` });
const rows = (...columns: string[]) => resultsOf(draft(...columns)).map(rowsAsText);

describe('an indication beside its reference', () => {
  for (const [first, second] of [
    ['Reference temperature', 'Device under test'],
    ['Bezugstemperatur', 'Anzeige des Prüflings'],
    ['True value', 'Measured value'],
    ['Standard reading', 'UUT reading'],
  ] as const) {
    it(`has an error by any of their names: ${first}, ${second}`, () => {
      const columns = [column(first, '20.02', CELSIUS), column(second, '20.1', CELSIUS, undefined, U('0.1'))];
      assert.deepEqual(rows(...columns), [['20.02 0.08 ± 0.1 / 2']]);
      assert.deepEqual(rows(column('Set point', '20', CELSIUS), ...columns), [['20.02 0.08 ± 0.1 / 2']]);
    });
  }

  it('has a load for its reference, on a balance', () => {
    const drafted = draft(
      column('Load', '100', '\\gram'),
      column('Indication', '100.1', '\\gram'),
      column('Error', '0.1', '\\gram', undefined, U('0.02')),
    );
    assert.deepEqual(resultsOf(drafted).map(rowsAsText), [['100 0.1 ± 0.02 / 2']]);
    assert.deepEqual(resultsOf(drafted)[0]?.result.arguments, []);
  });

  it('is one of several results, of rising and of falling values', () => {
    const reference = column('Gauge pressure', '1 5', '\\bar', 'basic_referenceValue');
    const rising = column('Indication increasing', '1.01 5.01', '\\bar', undefined, U('0.1'));
    const falling = column('Indication decreasing', '1.02 5.05', '\\bar', undefined, U('0.1'));
    const results = resultsOf(draft(reference, rising, falling));
    assert.deepEqual(results.map(rowsAsText), [
      ['1 0.01 ± 0.1 / 2', '5 0.01 ± 0.1 / 2'],
      ['1 0.02 ± 0.1 / 2', '5 0.05 ± 0.1 / 2'],
    ]);
    assert.deepEqual(
      results.map(({ result }) => result.quantity),
      ['gauge-pressure', 'gauge-pressure'],
    );
  });
});

describe('the order of a difference in its name', () => {
  const reference = column('Reference value', '20', CELSIUS, 'basic_referenceValue');
  const named = (name: string, value: string, refType?: string) =>
    draft(reference, column(name, value, '\\kelvin', refType, U('0.1')));

  for (const [name, value] of [
    ['Error (reference - indication)', '-0.1'],
    ['Deviation (UUT − Ref)', '0.1'],
    ['Correction (indication minus reference)', '0.1'],
  ] as const) {
    it(`decides its sign: ${name}`, () => {
      assert.deepEqual(resultsOf(named(name, value)).map(rowsAsText), [['20 0.1 ± 0.1 / 2']]);
    });
  }

  it('and a refType that contradicts it leave the column out', () => {
    const drafted = named('Error (reference - indication)', '-0.1', 'basic_measurementError');
    assert.match(drafted.leftOut.map(({ reason }) => reason).join(), /opposite signs/);
  });
});

describe('a gain', () => {
  for (const [name, unit, kind] of [
    ['Gain', '\\volt\\per\\volt', 'gain'],
    ['Gain level', '\\decibel', 'gain-level'],
  ] as const) {
    it(`is a result where it has an uncertainty: ${name}`, () => {
      const [result] = resultsOf(
        draft(column('Frequency', '10', '\\hertz'), column(name, '20', unit, undefined, U('0.1'))),
      );
      assert.equal(result?.result.quantity, kind);
      assert.deepEqual(rowsAsText(result), ['20 - @ 10 ± 0.1 / 2']);
    });
  }

  it('is a setting beside results', () => {
    const [result] = resultsOf(
      draft(
        column('Gain', '10', '\\one'),
        column('Reference value', '1', '\\volt', 'basic_referenceValue'),
        column('Error', '0.1', '\\volt', 'basic_measurementError', U('0.1')),
      ),
    );
    assert.deepEqual(
      result?.result.arguments.map(({ role }) => role),
      ['setting'],
    );
  });
});

describe('a condition per time', () => {
  const under = (name: string, kind: string) => {
    const data = `<dcc:data>${quantity(name, real('10', '\\hertz'))}</dcc:data>`;
    const circumstances = `<dcc:influenceConditions><dcc:influenceCondition>${text('name', name)}${data}</dcc:influenceCondition></dcc:influenceConditions>`;
    const drafted = draftSmall({ data: quantity(kind, real('10', '\\volt', expandedUnc('0.1'))), circumstances });
    return resultsOf(drafted)[0]?.result.arguments.map((argument) => argument.name);
  };

  it('is the frequency of a measurement, unless it is one of the work or the value has none', () => {
    assert.deepEqual(under('Frequency', 'AC voltage'), ['Frequency']);
    for (const name of ['Sampling rate', 'Bandwidth', 'Clock frequency of the counter', 'Air changes']) {
      assert.deepEqual(under(name, 'AC voltage'), [], name);
    }
    assert.deepEqual(under('Frequency', 'DC voltage'), []);
  });
});

describe('the same result twice', () => {
  const table = (error: string, uncertainty: string) =>
    `<dcc:list>${column('Reference value', '20 80', CELSIUS, 'basic_referenceValue')}${column('Error', error, '\\kelvin', 'basic_measurementError', U(uncertainty))}</dcc:list>`;
  const asked = (second: string) =>
    draftSmall({ data: table('0.05 0.05', '0.1') + second }).questions.map((question) => question.text);

  it('with another uncertainty is asked about, as in one table', () => {
    assert.match(asked(table('0.05 0.05', '0.01')).join(), /Which uncertainty\?/);
    assert.deepEqual(asked(table('0.05 0.05', '0.10')), []);
    assert.deepEqual(asked(table('0.06 0.06', '0.08')), []);
  });
});
