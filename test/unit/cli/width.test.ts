import assert from 'node:assert/strict';
import { COLOURED, PLAIN, table, widthOf, wrap } from '@tracecal/cli';

interface Row {
  readonly id: string;
  readonly said: string;
  readonly count: number;
}

const COLUMNS = (['id', 'said', 'count'] as const).map((title) => ({ title, of: (row: Row) => row[title] }));
const ID = 'lab-alpha/0123456789abcdef';
const ROWS: readonly Row[] = [
  { id: ID, said: 'overdue, grace until 2026-02-19', count: 123456 },
  { id: 'oem-a/s', said: 'valid', count: 7 },
];

function tableAt(columns: number): readonly string[] {
  return table(COLUMNS, ROWS, { ...PLAIN, columns }).split('\n');
}

describe('Output limited to a width', () => {
  it('is one line a row where a table has room', () => {
    assert.deepEqual(tableAt(80), [
      'id                          said                             count',
      `${ID}  overdue, grace until 2026-02-19  123456`,
      'oem-a/s                     valid                            7',
    ]);
  });

  it('wraps sentences in cells where a table is too wide, and no id or number', () => {
    assert.deepEqual(tableAt(50), [
      'id                          said            count',
      `${ID}  overdue, grace  123456`,
      '                            until',
      '                            2026-02-19',
      'oem-a/s                     valid           7',
    ]);
  });

  it('is a block for each row where not even that is narrow enough', () => {
    assert.deepEqual(tableAt(36), [
      `id     ${ID}`,
      'said   overdue, grace until',
      '       2026-02-19',
      'count  123456',
      '',
      'id     oem-a/s',
      'said   valid',
      'count  7',
    ]);
  });

  it('never has a line that is wider than it has to be, nor loses a word, at any width', () => {
    for (let columns = 20; columns <= 100; columns += 1) {
      const lines = tableAt(columns);
      const longest = 'count  '.length + ID.length;
      assert.ok(
        lines.every((line) => widthOf(line) <= Math.max(columns, longest)),
        lines.join('\n'),
      );
      for (const word of [ID, '123456', '2026-02-19', 'overdue,', 'grace', 'until', 'oem-a/s']) {
        assert.ok(
          lines.some((line) => line.split(' ').includes(word)),
          `${word} at ${columns}`,
        );
      }
    }
  });

  it('counts the columns that a terminal needs: accents none of their own, East Asian letters and pictures two', () => {
    assert.equal(widthOf('°C µ ✓'), 6);
    assert.equal(widthOf('Pru\u0308fmittel'), 10);
    assert.equal(widthOf('温度計'), 6);
    assert.equal(widthOf('🌡️x'), 2 + Number(/\p{Emoji_Presentation}/u.test('🌡')));
    assert.equal(widthOf(COLOURED.red('FAILED')), 6);
    const rows = table(
      [
        { title: 'model', of: (each: string) => each },
        { title: 'n', of: () => 1 },
      ],
      ['温度計', 'RP4'],
      PLAIN,
    );
    assert.deepEqual(rows.split('\n'), ['model   n', '温度計  1', 'RP4     1']);
  });

  it('keeps a number and its unit on one line', () => {
    assert.deepEqual(wrap('between (231.928 ± 0.001) °C and 20 kHz, at 5 to 6', 24), [
      'between',
      '(231.928 ± 0.001) °C and',
      '20 kHz, at 5 to 6',
    ]);
  });

  it('has its colours on every line of a wrapped text, and on nothing else', () => {
    assert.deepEqual(wrap(COLOURED.dim('one two three'), 8), [COLOURED.dim('one two'), COLOURED.dim('three')]);
    assert.deepEqual(wrap(`${COLOURED.red('why:')} one two`, 8), [`${COLOURED.red('why:')} one`, 'two']);
  });
});
