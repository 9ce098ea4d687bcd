import assert from 'node:assert/strict';
import { reportsOf } from '@tracecal/gateway-client/dcc';
import { draftOf, rowsAsText } from '../../../support/drafts.js';
import type { MappingParts } from '../../../support/drafts.js';
import { expandedUnc, quantity, real, smallCertificate, text } from '../../../support/smallCertificate.js';

/** A certificate with a result of 0.5 K error, and one of 0.01 K, under these names. */
function draftNamed([first, second]: readonly [string, string], mapping?: MappingParts) {
  const table = (error: string) =>
    `<dcc:list>${quantity('R', real('20', '\\kelvin'), 'basic_referenceValue')}${quantity('E', real(error, '\\kelvin', expandedUnc('0.1')), 'basic_measurementError')}</dcc:list>`;
  const result = (name: string, error: string) =>
    `<dcc:result>${text('name', name)}<dcc:data>${table(error)}</dcc:data></dcc:result>`;
  const xml = smallCertificate()
    .toString('utf8')
    .replace(
      /<dcc:results>.*<\/dcc:results>/s,
      `<dcc:results>${result(first, '0.5')}${result(second, '0.01')}</dcc:results>`,
    );
  return draftOf(Buffer.from(xml), mapping);
}

function splitOf(names: readonly [string, string], mapping?: MappingParts) {
  const [item] = draftNamed(names, mapping).items;
  return { current: item?.results.flatMap(rowsAsText), asFound: item?.asFound.flatMap(rowsAsText) };
}

const [FOUND, LEFT] = ['20 0.5 ± 0.1 / 2', '20 0.01 ± 0.1 / 2'];

describe('A result as found', () => {
  it('is told by its name, in several languages, and that is told', () => {
    const pairs = [
      ['As found', 'As left'],
      ['Temperature before adjustment', 'Temperature after adjustment'],
      ['Messwerte vor Justierung', 'Messwerte nach Justierung'],
      ['Avant ajustage', 'Après ajustage'],
      ['Antes del ajuste', 'Después del ajuste'],
      ['As-found data', 'Results'],
      ['As received', 'As returned'],
      ['Prima della regolazione', 'Dopo la regolazione'],
      ['Errors (before)', 'Errors (after)'],
    ] as const;
    for (const names of pairs) {
      assert.deepEqual(splitOf(names), { current: [LEFT], asFound: [FOUND] }, names.join());
    }
    const draft = draftNamed(['As found', 'As left']);
    assert.ok(
      draft.decisions.some(
        ({ about, decided, from }) => about === 'As found' && decided === 'as found' && from === 'name',
      ),
    );
    const { items, notes } = reportsOf(draft);
    assert.deepEqual(
      items[0]?.results.map(({ name, asFound }) => [name, asFound]),
      [
        ['As left', undefined],
        ['As found', true],
      ],
    );
    assert.match(notes.join('\n'), /"As found" is taken as found before an adjustment, by its name.*"asFound": \[/);
  });

  it('is current where nothing was measured after it, or its name says both', () => {
    assert.deepEqual(splitOf(['As found / as left', 'Results']), { current: [FOUND, LEFT], asFound: [] });
    assert.deepEqual(splitOf(['As found', 'As found, repeated']), { current: [FOUND, LEFT], asFound: [] });
  });

  const column = (name: string, error: string) =>
    quantity(name, real(error, '\\kelvin', expandedUnc('0.1')), 'basic_measurementError');
  const reference = quantity('R', real('20', '\\kelvin'), 'basic_referenceValue');
  const drafted = (columns: string, name = 'Temperature', mapping?: MappingParts) =>
    draftOf(
      Buffer.from(
        smallCertificate({ data: `<dcc:list>${reference}${columns}</dcc:list>` })
          .toString('utf8')
          .replace(text('name', 'Result'), text('name', name)),
      ),
      mapping,
    );

  it('is told by the name of its column, also where both are columns of one table', () => {
    for (const [before, after] of [
      ['Error before adjustment', 'Error after adjustment'],
      ['Messabweichung vor Justierung', 'Messabweichung nach Justierung'],
      ['Errore prima della regolazione', 'Errore dopo la regolazione'],
      ['Error as received', 'Error as returned'],
      ['Error (before)', 'Error (after)'],
    ] as const) {
      const [item] = drafted(column(before, '0.5') + column(after, '0.01')).items;
      assert.deepEqual(
        [item?.results.flatMap(rowsAsText), item?.asFound.flatMap(rowsAsText), item?.adjusted],
        [[LEFT], [FOUND], true],
        before,
      );
    }
    const told = { asFound: [{ result: 'Error before adjustment', asFound: false }] };
    const [item] = drafted(column('Error before adjustment', '0.5') + column('Error after adjustment', '0.01'), 'T', told).items; // prettier-ignore
    assert.deepEqual(item?.results.flatMap(rowsAsText), [FOUND, LEFT]);
  });

  it('shows an adjustment also where only what was found after it is stated, and that is told', () => {
    const afterwards = (mapping?: MappingParts) =>
      reportsOf(drafted(column('Error', '0.01'), 'After adjustment', mapping));
    assert.equal(afterwards().items[0]?.adjusted, true);
    assert.match(afterwards().notes.join('\n'), /"After adjustment" was measured after an adjustment.*"asFound": \[/);
    const told = { asFound: [{ result: 'After adjustment', asFound: false }] };
    assert.equal(afterwards(told).items[0]?.adjusted, undefined);
    for (const name of ['As found / as left', 'Temperature', 'As found']) {
      assert.equal(reportsOf(drafted(column('Error', '0.01'), name)).items[0]?.adjusted, undefined, name);
    }
  });

  it('is none of this calibration if a table or a column repeats an earlier one', () => {
    for (const earlier of ['Results of the previous calibration', 'Vorherige Kalibrierung', 'Results 2019']) {
      const draft = draftNamed([earlier, 'Temperature']);
      assert.deepEqual(draft.items[0]?.results.flatMap(rowsAsText), [LEFT], earlier);
      assert.match(draft.leftOut.map(({ reason }) => reason).join(), /repeats an earlier calibration.*"asFound":false/);
      const told = { asFound: [{ result: earlier, asFound: false }] };
      assert.deepEqual(splitOf([earlier, 'Temperature'], told).current, [FOUND, LEFT]);
    }
    for (const norm of ['ISO 6789-2 2017', 'Results according to DKD-R 5-1:2018']) {
      assert.deepEqual(splitOf([norm, 'Temperature']).current, [FOUND, LEFT], norm);
    }
    const beside = drafted(column('Error', '0.01') + column('Error at last calibration', '0.5'));
    assert.deepEqual(beside.items[0]?.results.flatMap(rowsAsText), [LEFT]);
    assert.match(
      beside.leftOut.map(({ reason }) => reason).join(),
      /something of an earlier calibration.*"role":"error"/,
    );
  });

  it('is asked about where two current results of one place differ by more than their U together', () => {
    const asked = (first: string, second: string, mapping?: MappingParts) =>
      drafted(column('Error 1', first) + column('Error 2', second), 'T', mapping).questions.map(
        ({ text: words }) => words,
      );
    assert.match(asked('0.5', '0.01').join(), /^Which one is current\? "T: Error 1" \(row 1\) and "T: Error 2"/);
    assert.deepEqual(asked('0.2', '0.01'), []);
    assert.deepEqual(asked('0.5', '0.01', { asFound: [{ result: 'Error 1', asFound: true }] }), []);
    assert.match(
      draftNamed(['First', 'Second'])
        .questions.map(({ text: words }) => words)
        .join(),
      /Which one is current/,
    );
  });

  it('is what the mapping file says it is', () => {
    const told = (result: string, asFound: boolean) => ({ asFound: [{ result, asFound }] });
    assert.deepEqual(splitOf(['First', 'Second'], told('First', true)), { current: [LEFT], asFound: [FOUND] });
    assert.deepEqual(splitOf(['As found', 'As left'], told('As found', false)), {
      current: [FOUND, LEFT],
      asFound: [],
    });
    assert.deepEqual(draftNamed(['First', 'Second'], told('Third', true)).unused, ['asFound[0]']);
  });
});
