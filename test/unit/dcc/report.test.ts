import assert from 'node:assert/strict';
import { digestOfResults } from '@tracecal/chaincode/trace';
import { ReportBuilder } from '@tracecal/gateway-client';
import { draftReport, readCertificate } from '@tracecal/gateway-client/dcc';
import { expandedUnc, quantity, real, smallCertificate, text, xmlList } from '../../support/smallCertificate.js';

const draft = (data: string) => draftReport(readCertificate(smallCertificate({ data })));
const uncertaintyList = (U: string) =>
  `<si:expandedUncXMLList><si:uncertaintyXMLList>${U}</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>`;
const U = (expanded: number) => ({ expanded, coverageFactor: 2, coverageProbability: 0.95 });

describe('the report draft of a certificate', () => {
  it('has a result for every quantity with an uncertainty', () => {
    const { results, omitted } = draft(
      quantity('Mass', real('1.00007841', '\\kilogram', expandedUnc('0.00000005'))) +
        quantity('Nominal value', text('noQuantity', '1 kg')) +
        quantity('Air pressure', real('1000', '\\hecto\\pascal')),
    );
    assert.deepEqual(results, [
      {
        name: 'Mass',
        quantity: 'mass',
        unit: '\\kilogram',
        points: [{ value: 1.00007841, uncertainty: U(5e-8) }],
      },
    ]);
    assert.deepEqual(
      omitted.map(({ name }) => name),
      ['Nominal value', 'Air pressure'],
    );
  });

  it('puts the uncertainty of a table on its reference values', () => {
    const { results, omitted } = draft(
      `<dcc:list>${[
        quantity('Reference', xmlList('10 20', '\\degreecelsius'), 'basic_referenceValue'),
        quantity('Indicated', xmlList('10.1 20.1', '\\degreecelsius'), 'basic_measuredValue'),
        quantity('Error', xmlList('100 100', '\\milli\\kelvin', uncertaintyList('50')), 'basic_measurementError'),
      ].join('')}</dcc:list>`,
    );
    assert.deepEqual(results, [
      {
        name: 'Reference',
        quantity: 'temperature',
        unit: '\\degreecelsius',
        points: [
          { value: 10, uncertainty: U(0.05) },
          { value: 20, uncertainty: U(0.05) },
        ],
      },
    ]);
    assert.deepEqual(
      omitted.map(({ name }) => name),
      ['Indicated'],
    );
  });

  it('leaves a table alone whose error is of another quantity, or of other length', () => {
    const table = (error: string) =>
      draft(
        `<dcc:list>${quantity('Reference', xmlList('10 20', '\\pascal'), 'basic_referenceValue')}${quantity('Error', error, 'basic_measurementError')}</dcc:list>`,
      ).results.map(({ name, quantity: kind }) => [name, kind]);
    assert.deepEqual(table(xmlList('0.1 0.1', '\\one', uncertaintyList('0.01'))), [['Error', 'ratio']]);
    assert.deepEqual(table(xmlList('0.1', '\\pascal', uncertaintyList('0.01'))), [['Error', 'pressure']]);
  });

  it('says why a quantity is left out', () => {
    const reasons = draft(
      quantity('A', real('1', '/kilogram', expandedUnc('0.1'))) +
        quantity('B', real('NaN', '\\one', expandedUnc('0.1'))) +
        quantity('C', real('1', '\\one', expandedUnc('NaN'))) +
        quantity('D', xmlList('1 2', '\\one \\metre', uncertaintyList('0.1'))),
    );
    assert.deepEqual(reasons.results, []);
    assert.deepEqual(
      reasons.omitted.map(({ reason }) => reason.slice(0, 30)),
      [
        '"/kilogram" is not a D-SI unit',
        'A value or an uncertainty is n',
        'A value or an uncertainty is n',
        'Its values are in different un',
      ],
    );
  });

  it('dates the issue by the last day of calibration where the certificate does not', () => {
    assert.equal(draft(quantity('T', real('1', '\\one'))).issued, '2026-01-06');
  });

  it('names a result on one line', () => {
    const [result] = draft(quantity(`a\n\tb ${'c'.repeat(300)}`, real('1', '\\one', expandedUnc('0.1')))).results;
    assert.match(result!.name, /^a b c+$/);
    assert.equal(result!.name.length, 200);
  });

  it('gives a parent digest only if it is the SHA-256 of a file', () => {
    const digest = 'AB'.repeat(32);
    const parent = (procedure: string, value: string) =>
      draftReport(
        readCertificate(
          smallCertificate({
            circumstances: `<dcc:measuringEquipments><dcc:measuringEquipment>${text('name', 'S')}<dcc:certificate>${text('referral', 'R')}<dcc:referralID>C</dcc:referralID><dcc:procedure>${procedure}</dcc:procedure><dcc:value>${value}</dcc:value></dcc:certificate></dcc:measuringEquipment></dcc:measuringEquipments>`,
          }),
        ),
      ).parents[0];
    assert.equal(parent('SHA-256', digest)?.sha256, digest.toLowerCase());
    assert.equal(parent('c14n-sha256', digest)?.sha256, null);
    assert.equal(parent('sha256', '-value-')?.sha256, null);
    assert.deepEqual([parent('analogue', 'analogue')?.sha256, parent('analogue', 'analogue')?.analogue], [null, true]);
  });

  it('becomes a report, whose statement names the results of each kind of quantity by one digest', () => {
    const content = draft(
      quantity('Mass', real('1', '\\kilogram', expandedUnc('0.1'))) +
        quantity('Temperature', real('20', '\\degreecelsius', expandedUnc('0.1'))) +
        quantity('Another mass', real('2', '\\kilogram', expandedUnc('0.1'))),
    );
    const { statement, results } = new ReportBuilder({
      registry: 'calibration',
      report: 'lab/r-1',
      device: 'lab/d-1',
      organisation: 'lab',
      technician: 'lab/t-1',
    })
      .content(content)
      .build();
    const [mass, temperature, anotherMass] = content.results;
    assert.deepEqual(results, content.results);
    assert.deepEqual(statement.body.results, [
      { quantity: 'mass', sha256: digestOfResults([mass!, anotherMass!]), points: 2 },
      { quantity: 'temperature', sha256: digestOfResults([temperature!]), points: 1 },
    ]);
    assert.deepEqual(
      [statement.body.performed, statement.body.issued],
      [{ begin: '2026-01-05', end: '2026-01-06' }, '2026-01-06'],
    );
  });
});
