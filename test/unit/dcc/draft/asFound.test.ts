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
