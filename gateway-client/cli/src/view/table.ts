import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null;
}

/** Rows as aligned columns under dim titles. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => printable(String(column.of(row) ?? '-'))));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [style.dim(line(columns.map(({ title }) => title))), ...cells.map(line)].join('\n');
}
