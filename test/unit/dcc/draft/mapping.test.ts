import assert from 'node:assert/strict';
import type { KindEvidence } from '@tracecal/core/model';
import {
  DccError,
  draftCertificate,
  readCertificate,
  readMapping,
  readPaperParent,
  takeKind,
} from '@tracecal/gateway-client/dcc';
import { draftSmall, resultsOf, rowsAsText } from '../../../support/drafts.js';
import { expandedUnc, quantity, real, smallCertificate, xmlList } from '../../../support/smallCertificate.js';

const refused =
  (why: RegExp, code = 'MAPPING_INVALID') =>
  (error: unknown) =>
    error instanceof DccError && error.code === code && why.test(error.message);

describe('a mapping file', () => {
  it('is refused with unknown fields, another version, or what JSON readers disagree about', () => {
    const version = '"version": "tracecal-mapping/1"';
    assert.deepEqual(readMapping(`{${version}}`).columns, []);
    assert.throws(() => readMapping('{}'), refused(/version/));
    assert.throws(() => readMapping('{"version": "tracecal-mapping/2"}'), refused(/version/));
    assert.throws(() => readMapping(`{${version}, "colums": []}`), refused(/colums/));
    assert.throws(() => readMapping(`{${version}, ${version}}`), refused(/./));
    assert.throws(
      () => readMapping(`{${version}, "columns": [{"column": "A", "role": "eror"}]}`),
      refused(/columns\[0\]\.role/),
    );
    assert.throws(
      () => readMapping(`{${version}, "coverage": [{"k": 0.5}]}`),
      refused(/coverage\[0\]\.k must be at least 1/),
    );
    assert.throws(() => readMapping('not JSON'), refused(/^(?!.*JSON_INVALID).*JSON/));
  });

  it('takes a kind of quantity by its name, an alias or own:NAME, and no slip of the pen', () => {
    const kinds = (written: string) =>
      readMapping(JSON.stringify({ version: 'tracecal-mapping/1', kinds: [{ quantity: written }] })).kinds[0]?.quantity;
    assert.deepEqual(['temperature', 'own:wobble'].map(kinds), ['temperature', 'wobble']);
    assert.throws(
      () => kinds('temprature'),
      refused(/kinds\[0\]\.quantity: .*do you mean temperature.*own:temprature/),
    );
    const place = { name: 'T', role: 'physical', quantity: 'temprature', unit: '\\kelvin', values: [1] };
    const mapping = { version: 'tracecal-mapping/1', arguments: [place] };
    assert.throws(() => readMapping(JSON.stringify(mapping)), refused(/do you mean temperature/));
  });

  it('for another certificate is refused', () => {
    assert.throws(() => draftSmall({}, { certificate: 'OTHER' }), refused(/OTHER.*TEST-1/));
    assert.equal(draftSmall({}, { certificate: 'TEST-1' }).uniqueIdentifier, 'TEST-1');
  });

  it('tells roles of columns by name, by refType and by place', () => {
    const data = `<dcc:list>${quantity('A', xmlList('20', '\\kelvin'))}${quantity('B', real('0.5', '\\kelvin', expandedUnc('0.1')), 'own_b')}</dcc:list>`;
    for (const [a, b] of [
      ['A', 'b'],
      [1, 2],
      ['a', 'own_b'],
    ]) {
      const columns = [
        { column: a, role: 'reference' },
        { result: 'Result', column: b, role: 'error' },
      ];
      const draft = draftSmall({ data }, { columns });
      assert.deepEqual(resultsOf(draft).map(rowsAsText), [['20 0.5 ± 0.1 / 2']]);
      assert.deepEqual(draft.unused, []);
      assert.ok(
        draft.decisions.some(({ about, decided, from }) => about === 'B' && decided === 'error' && from === 'mapping'),
      );
    }
  });

  it('tells kinds, units outside D-SI, and arguments that the certificate does not state', () => {
    const draft = draftSmall(
      { data: quantity('RH', xmlList('20 50', '%rh')) },
      {
        units: { '%rh': '\\percent' },
        kinds: [{ column: 'RH', quantity: 'relative-humidity' }],
        arguments: [
          { name: 'Temperature', role: 'physical', unit: '\\degreecelsius', values: [23] },
          { name: 'Mode', role: 'setting', values: ['slow', 'fast'] },
        ],
      },
    );
    const [result] = resultsOf(draft);
    assert.deepEqual([result?.result.quantity, result?.result.unit], ['relative-humidity', '\\percent']);
    assert.deepEqual(result?.result.arguments, [
      { name: 'Temperature', role: 'physical', quantity: 'temperature', unit: '\\degreecelsius' },
      { name: 'Mode', role: 'setting', quantity: null, unit: null },
    ]);
    assert.deepEqual(rowsAsText(result), ['20 - @ 23, slow', '50 - @ 23, fast']);
    assert.ok(draft.decisions.some(({ about, from }) => about === 'Mode' && from === 'mapping'));
  });

  it('names its entries that fit nothing', () => {
    const draft = draftSmall(
      {},
      {
        columns: [{ column: 'Temprature', role: 'value' }],
        kinds: [{ result: 7, quantity: 'mass' }],
        arguments: [{ name: 'x', role: 'physical', values: [1, 2, 3] }],
        coverage: [{ result: 'Result', k: 2 }],
      },
    );
    assert.deepEqual(draft.unused, ['columns[0]', 'kinds[0]', 'arguments[0]']);
  });

  it('is as strict in one line about a paper parent', () => {
    const line = 'laboratory=PTB,number=12-24,date=2024-05-02,kind=mass,from=1,to=10,unit=\\kilogram,U=0.00001,k=2';
    assert.deepEqual(readPaperParent(line), {
      laboratory: 'PTB',
      number: '12-24',
      date: '2024-05-02',
      kind: 'mass',
      from: 1,
      to: 10,
      unit: '\\kilogram',
      U: 0.00001,
      k: 2,
    });
    assert.throws(() => readPaperParent('laboratory=PTB,number=1'), refused(/date/, 'PAPER_INVALID'));
    assert.throws(() => readPaperParent(`${line},U=1`), refused(/"U" is given twice/, 'PAPER_INVALID'));
    assert.throws(() => readPaperParent(line.replace('k=2', 'k=two')), refused(/k/, 'PAPER_INVALID'));
    assert.throws(() => readPaperParent(line.replace('2024-05-02', '2.5.2024')), refused(/date/, 'PAPER_INVALID'));
    assert.throws(() => readPaperParent(`${line},colour=red`), refused(/colour/, 'PAPER_INVALID'));
  });
});

describe('the kind of a result', () => {
  it('is asked for with the names of values, not with those of their errors', () => {
    const asked: KindEvidence[] = [];
    const data = `<dcc:list>${quantity('Reference value', xmlList('20', '\\kelvin'), 'basic_referenceValue')}${quantity('Error', real('0.5', '\\kelvin', expandedUnc('0.1')), 'basic_measurementError')}</dcc:list>`;
    draftCertificate(readCertificate(smallCertificate({ data })), {
      proposeKind: (clues) => {
        asked.push(clues);
        return { certainty: 'unknown', name: null, because: 'nothing' };
      },
    });
    assert.deepEqual(asked, [
      {
        refTypes: ['basic_referenceValue'],
        names: [],
        titles: ['Result', 'Reference value'],
        context: ['Measurement', 'Probe'],
      },
    ]);
  });

  it('that is ambiguous stays under its own name, and is a question', () => {
    const draft = draftCertificate(readCertificate(smallCertificate()), {
      proposeKind: () => ({
        certainty: 'ambiguous',
        candidates: [{ name: 'gauge-pressure' }, { name: 'absolute-pressure' }],
        name: 'pressure',
        because: 'its name "Pressure"',
      }),
    });
    assert.equal(resultsOf(draft)[0]?.result.quantity, 'pressure');
    assert.match(draft.questions[0]?.text ?? '', /gauge-pressure, absolute-pressure/);
  });

  it('that nothing tells is not the same as that of another certificate', () => {
    const unknown = { certainty: 'unknown', name: null, because: 'nothing' } as const;
    assert.notEqual(takeKind(unknown, 'C1').quantity, takeKind(unknown, 'C2').quantity);
  });

  it('names its source', () => {
    const certain = (because: string) => takeKind({ certainty: 'certain', kind: { name: 'mass' }, because }, 'C1');
    assert.deepEqual(
      [certain('its refType "mass"').from, certain('its name "Mass"').from, certain('its unit').from],
      ['refType', 'name', 'unit'],
    );
  });
});
