import assert from 'node:assert/strict';
import { proposeKind } from '@tracecal/core/model';
import { resultsDigests } from '@tracecal/core/trace';
import { ReportBuilder } from '@tracecal/gateway-client';
import { draftCertificate, readCertificate, readMapping, reportsOf } from '@tracecal/gateway-client/dcc';
import { expandedUnc, quantity, real, smallCertificate, text, xmlList } from '../../support/smallCertificate.js';
import type { CertificateParts } from '../../support/smallCertificate.js';

function reports(parts: CertificateParts, mapping: object = {}) {
  const told = readMapping(JSON.stringify({ version: 'tracecal-mapping/1', ...mapping }));
  return reportsOf(draftCertificate(readCertificate(smallCertificate(parts)), { proposeKind, mapping: told }));
}

function report(data: string) {
  const { items, leftOut } = reports({ data });
  assert.equal(items.length, 1);
  return { ...items[0]!, leftOut };
}

const uncertaintyList = (U: string) =>
  `<si:expandedUncXMLList><si:uncertaintyXMLList>${U}</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>`;
const U = (expanded: number) => ({ expanded, coverageFactor: 2, coverageProbability: 0.95 });
const MASS = quantity('Mass', real('1', '\\kilogram', expandedUnc('0.1')));

describe('what a certificate becomes in the registry', () => {
  it('is a result for every quantity with a value, and a line for what says nothing', () => {
    const { results, leftOut } = report(
      quantity('Mass', real('1.00007841', '\\kilogram', expandedUnc('0.00000005'))) +
        quantity('Remark', text('noQuantity', 'polished')),
    );
    assert.deepEqual(results, [
      { name: 'Result', quantity: 'mass', unit: '\\kilogram', rows: [{ value: 1.00007841, uncertainty: U(5e-8) }] },
    ]);
    assert.deepEqual(
      leftOut.map(({ name }) => name),
      ['Result: Remark'],
    );
  });

  it('is one result of a table: reference values, errors, and the uncertainty wherever the table states it', () => {
    const { results } = report(
      `<dcc:list>${[
        quantity('Reference', xmlList('10 20', '\\degreecelsius'), 'basic_referenceValue'),
        quantity('Indicated', xmlList('10.1 20.1', '\\degreecelsius'), 'basic_measuredValue'),
        quantity('Error', xmlList('100 100', '\\milli\\kelvin', uncertaintyList('50')), 'basic_measurementError'),
      ].join('')}</dcc:list>`,
    );
    assert.deepEqual(
      results.map(({ quantity: kind, unit, rows }) => [kind, unit, rows]),
      [
        [
          'temperature',
          '\\degreecelsius',
          [
            { value: 10, error: 0.1, uncertainty: U(0.05) },
            { value: 20, error: 0.1, uncertainty: U(0.05) },
          ],
        ],
      ],
    );
  });

  it('dates the issue by the last day of calibration where the certificate does not', () => {
    assert.equal(report(MASS).issued, '2026-01-06');
  });

  it('names a result on one line', () => {
    const long = `Mass\n\tb ${'c'.repeat(300)}`;
    const [result] = report(MASS + quantity(long, real('1', '\\kilogram', expandedUnc('0.1')))).results.slice(1);
    assert.match(result!.name, /^[^\n\t]+ c+$/);
    assert.equal(result!.name.length, 200);
  });

  it('is nothing without a result, and the refusal says why', () => {
    const { items, refusals } = reports({ data: quantity('Force', real('20', 'kilopond', expandedUnc('0.1'))) });
    assert.deepEqual(items, []);
    assert.match(refusals.join(), /Force: Its unit "kilopond" is not D-SI/);
  });

  it('is refused for the uncertainty 0: no measurement is without one', () => {
    const { refusals } = reports({ data: quantity('Mass', real('1', '\\kilogram', expandedUnc('0'))) });
    assert.match(refusals.join(), /the uncertainty 0 \(row 1\)/);
  });

  it('asks for a kind that nothing names, and is refused only if no other result is left', () => {
    const nameless = quantity('Messwert', real('20', '\\kelvin', expandedUnc('0.1')));
    const alone = reports({ data: nameless });
    assert.match(alone.refusals.join(), /Which kind of quantity is .*temperature, temperature-difference/);
    const beside = reports({ data: nameless + MASS });
    assert.deepEqual(beside.refusals, []);
    assert.deepEqual(
      beside.items[0]?.results.map(({ quantity: kind }) => kind),
      ['mass'],
    );
    assert.match(beside.leftOut.map(({ reason }) => reason).join(), /Which kind of quantity/);
    const told = reports({ data: nameless }, { kinds: [{ quantity: 'temperature' }] });
    assert.deepEqual([told.refusals, told.items[0]?.results[0]?.quantity], [[], 'temperature']);
  });

  it('records under its general name what may be of several kinds, and says so', () => {
    const { items, notes } = reports({ data: quantity('Voltage', real('10', '\\volt', expandedUnc('0.1'))) });
    assert.equal(items[0]?.results[0]?.quantity, 'voltage');
    assert.match(notes.join(), /dc-voltage, ac-voltage/);
  });

  it('declares a method only where the mapping file confirms it', () => {
    const circumstances = `<dcc:usedMethods><dcc:usedMethod>${text('name', 'Subdivision')}</dcc:usedMethod></dcc:usedMethods><dcc:measuringEquipments><dcc:measuringEquipment refType="basic_normalUsed">${text('name', 'Set')}<dcc:certificate>${text('referral', 'R')}<dcc:referralID>P</dcc:referralID><dcc:procedure>analogue</dcc:procedure><dcc:value>analogue</dcc:value></dcc:certificate></dcc:measuringEquipment></dcc:measuringEquipments>`;
    const [proposed] = reports({ data: MASS, circumstances }).items;
    assert.deepEqual([proposed?.results[0]?.support, proposed?.results[0]?.methods], [undefined, ['Subdivision']]);
    const [confirmed] = reports({ data: MASS, circumstances }, { methods: [{ method: 'scaled' }] }).items;
    assert.deepEqual(confirmed?.results[0]?.support, { method: 'scaled', uses: [] });
  });

  it('gives the equipment of a confirmed method no other role than without one, unless the file states one', () => {
    const device = (name: string, refType = '') =>
      `<dcc:measuringEquipment${refType}>${text('name', name)}<dcc:certificate>${text('referral', 'R')}<dcc:referralID>${name}</dcc:referralID><dcc:procedure>analogue</dcc:procedure><dcc:value>analogue</dcc:value></dcc:certificate></dcc:measuringEquipment>`;
    const used = [
      device('Standard', ' refType="basic_normalUsed"'),
      device('Room thermometer'),
      device('Barometer', ' refType="lab_auxiliary"'),
    ];
    const circumstances = `<dcc:measuringEquipments>${used.join('')}</dcc:measuringEquipments>`;
    const [item] = reports({ data: MASS, circumstances }, { methods: [{ method: 'direct' }] }).items;
    assert.deepEqual(item?.results[0]?.support, { method: 'direct', uses: [{ source: 2, role: 'influence' }] });
  });

  it('tells which method a name suggests, and how it is confirmed; a natural one needs no sources', () => {
    const circumstances = `<dcc:usedMethods><dcc:usedMethod>${text('name', 'Circle closure')}</dcc:usedMethod></dcc:usedMethods>`;
    const { items, notes } = reports({ data: MASS, circumstances });
    assert.deepEqual([items[0]?.results[0]?.support, items[0]?.results[0]?.methods], [undefined, ['Circle closure']]);
    assert.match(
      notes.join('\n'),
      /"Result": its method "Circle closure" suggests the class natural\. If it is, .* "methods": \[\{"result":"Result","method":"natural"\}\]/,
    );
    const confirmed = reports({ data: MASS, circumstances }, { methods: [{ method: 'natural' }] });
    assert.deepEqual(confirmed.items[0]?.results[0]?.support, { method: 'natural', uses: [] });
    assert.doesNotMatch(confirmed.notes.join(), /suggests/);
  });

  it('tells that columns of one kind differ in length, with both lengths', () => {
    const column = (name: string, values: string, refType: string) =>
      quantity(name, xmlList(values, '\\degreecelsius', uncertaintyList('0.1')), refType);
    const noted = (shown: string) =>
      reports({
        data: `<dcc:list>${column('Reference', '0 10 20 30 40 50', 'basic_referenceValue')}${column('Indication', shown, 'basic_measuredValue')}${column('Error', '0 0 0 0 0 0', 'basic_measurementError')}</dcc:list>`,
      }).notes.filter((note) => note.includes('two results'));
    assert.match(
      noted('0 10 20 30 40').join(),
      / has (?:5 values and .* 6|6 values and .* 5), so they are two results\. If a value was forgotten/,
    );
    assert.deepEqual(noted('0 10 20 30 40 50'), []);
  });

  it('tells what was noted about its rows, as far as one reads it', () => {
    const many = quantity('Mass', xmlList('1 2 3 4 5 6 7 8 9 10', '\\kilogram', uncertaintyList('NaN')));
    const { notes } = reports({ data: `${MASS}${many}` });
    assert.match(notes[0] ?? '', /row 1: its uncertainty is not a number\.$/);
    assert.match(notes[8] ?? '', /and 2 more notes on rows/);
    assert.equal(notes.length, 9);
  });

  it('becomes a report, whose statement names the results of each kind of quantity by one digest', () => {
    const content = report(
      MASS +
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
      ...resultsDigests([mass!, anotherMass!]),
      ...resultsDigests([temperature!]),
    ]);
    assert.deepEqual(
      [statement.body.performed, statement.body.issued, statement.body.certificate],
      [{ begin: '2026-01-05', end: '2026-01-06' }, '2026-01-06', content.certificate],
    );
  });
});
