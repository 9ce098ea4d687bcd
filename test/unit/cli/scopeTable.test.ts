import assert from 'node:assert/strict';
import type { AccreditationLine, Cmc } from '@tracecal/core/model';
import { cmcText, scopeTable } from '@tracecal/cli';
import type { ListedLine } from '@tracecal/cli';
import { lineOf, voltageLine } from '../../support/accreditationLines.js';
import { WIDE } from '../../support/wide.js';

function listed(line: AccreditationLine, more: Partial<ListedLine> = {}): ListedLine {
  return { line, by: 'nmi-north', body: null, number: null, ...more };
}

describe('The table of scopes', () => {
  it('shows range, CMC, place and validity, in units as people write them', () => {
    assert.deepEqual(scopeTable([listed(lineOf())], WIDE).split('\n'), [
      'quantity     from  to   unit  CMC (U at 95 %)  place       valid from  until       granted by',
      'temperature  -80   420  °C    0.01             laboratory  2022-01-01  2030-12-31  nmi-north',
    ]);
  });

  it('says of a plain number that it has no unit', () => {
    const line = { ...lineOf(), unit: '\\one' };
    assert.match(scopeTable([listed(line)], WIDE), /^temperature +-80 +420 +\(no unit\) +0\.01 /m);
  });

  it('shows arguments, method, service, body and number where a line has them', () => {
    const line = voltageLine({ method: 'EURAMET cg-15', methodLevel: 'working', place: 'both', service: 'EM-1' });
    const text = scopeTable([listed(lineOf()), listed(line, { body: 'DAkkS', number: 'D-K-15070-01-00' })], WIDE);
    const [titles = '', first = '', second = ''] = text.split('\n');
    for (const title of ['at', 'method', 'KCDB service', 'body', 'number']) {
      assert.ok(titles.split(/ {2,}/).includes(title), title);
    }
    assert.equal(first.split(/ {2,}/).filter((cell) => cell === '-').length, 5);
    for (const cell of [
      'frequency 10 to 100000 Hz',
      'EURAMET cg-15, working',
      'laboratory, on site',
      'EM-1',
      'DAkkS',
      'D-K-15070-01-00',
    ]) {
      assert.ok(second.split(/ {2,}/).includes(cell), cell);
    }
  });
});

describe('A CMC on one line', () => {
  const nodes = (count: number) =>
    Array.from({ length: count }, (_, place) => ({ at: place * 100, cmc: (place + 1) / 100 }));
  const cases: readonly (readonly [Cmc, string])[] = [
    [{ form: 'constant', relative: false, value: 0.01 }, '0.01'],
    [{ form: 'constant', relative: true, value: 0.005 }, '0.5 % of x'],
    [{ form: 'constant', relative: true, value: 0.07 }, '7 % of x'],
    [{ form: 'linear', a: 0.01, terms: [{ of: null, b: 2e-5 }], combined: 'sum' }, '0.01 + 0.00002 |x|'],
    [{ form: 'linear', a: 0, terms: [{ of: null, b: 1e-7 }], combined: 'sum' }, '1e-7 |x|'],
    [
      {
        form: 'linear',
        a: 0.01,
        terms: [
          { of: null, b: 0.1 },
          { of: 'frequency', b: 2 },
        ],
        combined: 'root-sum-square',
      },
      '√(0.01² + (0.1 |x|)² + (2 |frequency|)²)',
    ],
    [{ form: 'table', relative: false, of: null, points: nodes(2) }, '0.01 at 0 V, 0.02 at 100 V (table of 2 over x)'],
    [
      { form: 'table', relative: true, of: 'frequency', points: nodes(6) },
      '1 % of x at 0 Hz ... 6 % of x at 500 Hz (table of 6 over frequency)',
    ],
    [
      {
        form: 'matrix',
        relative: false,
        of: [null, 'frequency'],
        rows: [0, 1, 2],
        columns: [0, 1],
        cmc: [
          [4, 2],
          [3, 9],
          [5, 6],
        ],
      },
      '2 to 9 (matrix 3 x 2 over x and frequency)',
    ],
  ];
  for (const [cmc, text] of cases) {
    it(`reads ${text}`, () => {
      assert.equal(cmcText(voltageLine({ cmc })), text);
    });
  }
});
