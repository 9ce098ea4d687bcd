import assert from 'node:assert/strict';
import { draftSmall, resultsOf } from '../../../support/drafts.js';
import { expandedUnc, quantity, real, text, xmlList } from '../../../support/smallCertificate.js';

const U =
  '<si:expandedUncXMLList><si:uncertaintyXMLList>1.5</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>';
const column = (name: string, values: string, unit: string, refType?: string, stated = '') =>
  quantity(name, xmlList(values, unit, stated), refType);
const kindOf = (data: string) => {
  const drafted = draftSmall({ data });
  const asked = drafted.questions.filter(({ asks }) => asks === 'kind').map((question) => question.text);
  return [resultsOf(drafted)[0]?.result.quantity, asked.join()] as const;
};

describe('the kind of a result', () => {
  const nominal = column('Nominal mass', '1 20', '\\kilogram', 'basic_nominalValue');
  const table = (name: string, ...columns: string[]) => `<dcc:list>${name}${columns.join('')}</dcc:list>`;

  it('is what its deviations are of, not what nominal values are called', () => {
    const name = 'Deviation of the conventional mass from the nominal mass';
    const deviation = column(name, '3 5', '\\milli\\gram', undefined, U);
    assert.deepEqual(kindOf(table('', nominal, deviation)), ['conventional-mass', '']);
  });

  it('is refined by the name of its table', () => {
    const deviation = column('Deviation', '3 5', '\\milli\\gram', undefined, U);
    assert.deepEqual(kindOf(table(text('name', 'Conventional mass'), nominal, deviation)), ['conventional-mass', '']);
    assert.deepEqual(kindOf(table('', nominal, deviation)), ['mass', '']);
  });

  it('stays open where the refType and the name state different ones', () => {
    const gauge = quantity('Gauge pressure', real('100000', '\\pascal', expandedUnc('20')), 'basic_pressureAbsolute');
    assert.match(kindOf(gauge)[1], /absolute-pressure, gauge-pressure/);
    const difference = quantity(
      'Temperature difference',
      real('10', '\\kelvin', expandedUnc('0.1')),
      'basic_temperature',
    );
    assert.match(kindOf(difference)[1], /temperature, temperature-difference/);
    const reference = column('Gauge pressure', '1 2', '\\bar', 'basic_referenceValue basic_pressureAbsolute');
    const error = column('Error', '0.1 0.1', '\\bar', 'basic_measurementError', U);
    assert.match(kindOf(table('', reference, error))[1], /absolute-pressure, gauge-pressure/);
  });

  it('is the refined one where the refType states the general one', () => {
    const dewPoint = quantity('Dew point', real('10', '\\degreecelsius', expandedUnc('0.1')), 'basic_temperature');
    assert.deepEqual(kindOf(dewPoint), ['dew-point', '']);
  });
});
