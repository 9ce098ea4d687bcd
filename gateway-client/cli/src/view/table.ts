import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';
import { padded, widthOf } from '../text/width.js';
import { hanging, wrap } from '../text/wrap.js';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null;
}

/** Rows as aligned columns under dim titles. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => printable(String(column.of(row) ?? '-'))));
  const titles = columns.map(({ title }) => title);
  return tableLines(titles, cells, style).join('\n');
}

const GAP = '  ';

/**
 * Cells as aligned columns under dim titles, as wide as the reader's lines. Where they are too wide, cells are wrapped; where not
 * even that is enough, each row becomes a block with a line for each of its cells. No word is ever cut.
 */
export function tableLines(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): readonly string[] {
  const head = titles.map((title) => style.text(title));
  const cells = rows.map((row) => row.map((cell) => style.text(cell)));
  const widths = columnWidths([head, ...cells], style.columns);
  if (!widths) {
    return blocks(head, cells, style);
  }
  return [...rowLines(head, widths).map((line) => style.dim(line)), ...cells.flatMap((row) => rowLines(row, widths))];
}

function rowLines(row: readonly string[], widths: readonly number[]): readonly string[] {
  const drawn = row.map((cell, i) => fitted(cell, widths[i] ?? 0));
  const height = Math.max(...drawn.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) =>
    drawn
      .map((lines, i) => padded(lines[at] ?? '', widths[i] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** A number that is aligned on its decimal point keeps the blanks before it. */
function fitted(cell: string, width: number): readonly string[] {
  return widthOf(cell) <= width ? [cell] : wrap(cell.trim(), width);
}

/** As wide as the cells are, or as narrow as has to be: the widest gives way first. Undefined where words are too long for that. */
function columnWidths(rows: readonly (readonly string[])[], limit: number): readonly number[] | undefined {
  const count = rows[0]?.length ?? 0;
  const widest = (of: (cell: string) => number) =>
    Array.from({ length: count }, (_, i) => Math.max(0, ...rows.map((row) => of(row[i] ?? ''))));
  const least = widest((cell) => Math.max(0, ...cell.split(' ').map(widthOf)));
  const widths = widest(widthOf);
  const room = limit - GAP.length * (count - 1);
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const flexible = widths.map((width, i) => (width > (least[i] ?? 0) ? width : 0));
    const most = Math.max(...flexible);
    if (most === 0) {
      return undefined;
    }
    widths[flexible.indexOf(most)] = most - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function blocks(head: readonly string[], rows: readonly (readonly string[])[], style: Style): readonly string[] {
  const width = Math.max(...head.map(widthOf));
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.flatMap((cell, i) =>
      hanging(`${style.dim(padded(head[i] ?? '', width))}${GAP}`, cell.trim(), style.columns),
    ),
  ]);
}
