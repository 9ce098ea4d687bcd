import assert from 'node:assert/strict';
import { draftSmall, resultsOf, rowsAsText, type MappingParts } from '../../../support/drafts.js';
import { quantity, xmlList } from '../../../support/smallCertificate.js';

const U = (values: string) =>
  `<si:expandedUncXMLList><si:uncertaintyXMLList>${values}</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>`;
const column = (name: string, values: string, unit: string, refType?: string, stated = '') =>
  quantity(name, xmlList(values, unit, stated), refType);
const draft = (columns: readonly string[], mapping?: MappingParts) =>
  draftSmall({ data: `<dcc:list>${columns.join('')}</dcc:list>` }, mapping);
const rows = (columns: readonly string[], mapping?: MappingParts) => resultsOf(draft(columns, mapping)).map(rowsAsText);

describe('a percent or a ppm beside values of dimension one', () => {
  const ratio = column('Voltage ratio', '1000', '\\one', 'basic_referenceValue');

  for (const name of ['Relative error', 'Relative Messabweichung', 'Erreur relative', 'Error (% of reading)']) {
    it(`is a part of them if its name says so: ${name}`, () => {
      const error = column(name, '5', '\\ppm', undefined, U('20'));
      assert.deepEqual(rows([ratio, error]), [['1000 0.005 ± 0.02 / 2']]);
    });
  }

  it('is a part of them in a column of uncertainties too', () => {
    const error = column('Error', '0.005', '\\one', 'basic_measurementError');
    const uncertainty = column('Relative expanded uncertainty', '20', '\\ppm');
    assert.deepEqual(rows([ratio, error, uncertainty, column('k', '2', '\\one')]), [['1000 0.005 ± 0.02 / 2']]);
  });

  it('is a part of them in their own unit too', () => {
    const gas = column('Amount fraction CO', '100', '\\percent', 'basic_referenceValue');
    const error = column('Relative error', '1', '\\percent', undefined, U('2'));
    assert.deepEqual(rows([gas, error]), [['100 1 ± 2 / 2']]);
  });

  it('is none where the word belongs to the kind of quantity', () => {
    const humidity = column('Relative humidity', '50', '\\percent', 'basic_referenceValue');
    const error = column('Error of the relative humidity', '1', '\\percent', undefined, U('2'));
    assert.deepEqual(rows([humidity, error]), [['50 1 ± 2 / 2']]);
  });

  it('is not taken as either if only the unit differs: the import asks', () => {
    const columns = [ratio, column('Error', '5', '\\ppm', undefined, U('20'))];
    const asked = draft(columns);
    assert.deepEqual(resultsOf(asked).map(rowsAsText), [['1000 -']]);
    assert.match(asked.questions.map(({ text }) => text).join(), /Part of the value\?.*"Error"/);
    const told = (relative: boolean) => ({ columns: [{ column: 'Error', role: 'error', relative }] });
    assert.deepEqual(rows(columns, told(true)), [['1000 0.005 ± 0.02 / 2']]);
    assert.deepEqual(rows(columns, told(false)), [['1000 0.000005 ± 0.00002 / 2']]);
  });

  it('is a part in a column of limits that says so', () => {
    const error = column('Error', '0.005', '\\one', 'basic_measurementError', U('0.02'));
    const limit = column('Relative error limit', '10', '\\ppm');
    const [result] = resultsOf(draft([ratio, error, limit]));
    assert.deepEqual(
      result?.conformity?.limits.map(({ side, values }) => [side, ...values]),
      [
        ['lower', -0.01],
        ['upper', 0.01],
      ],
    );
  });
});
