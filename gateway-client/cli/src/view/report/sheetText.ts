import { printable } from '@tracecal/gateway-client';
import { narrower } from '../../style.js';
import type { Style } from '../../style.js';
import { padded } from '../../text/width.js';
import { hanging, wrap } from '../../text/wrap.js';
import { tableLines } from '../table.js';
import type { Field, Section, Sheet, SheetTable } from './sheet.js';

const LABEL = 16;
/** A terminal is no place for a long column; the page and `--json` have all of it. */
const MOST_ROWS = 60;

/** A sheet on a terminal, as wide as that is. */
export function sheetText({ title, subtitle, warnings, sections }: Sheet, style: Style): string {
  const { columns, text } = style;
  return [
    ...wrap(style.bold(text(printable(title))), columns),
    ...wrap(text(printable(subtitle)), columns),
    ...warnings.flatMap((warning) => wrap(style.red(text(printable(warning))), columns)),
    ...sections.flatMap((section) => ['', sectionText(section, style)]),
  ].join('\n');
}

function sectionText({ title, fields, tables }: Section, style: Style): string {
  const drawn = tables.map((each) => tableText(each, style)).join('\n\n');
  const lines = [style.bold(style.text(title)), ...fields.flatMap((each) => fieldLines(each, style))];
  return [...lines, ...(drawn === '' ? [] : [drawn])].join('\n');
}

function fieldLines({ label, text }: Field, style: Style): readonly string[] {
  const head = `  ${style.dim(padded(style.text(label), LABEL))}`;
  return hanging(head, style.text(printable(text)), style.columns);
}

function tableText({ caption, columns, rows, notes }: SheetTable, style: Style): string {
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map((cell) => (cell === null ? '-' : printable(cell))));
  const drawn = columns.map(({ isNumber }, i) => {
    const cells = shown.map((row) => row[i] ?? '-');
    return isNumber ? onDecimalPoint(cells) : cells;
  });
  const aligned = shown.map((_, at) => drawn.map((column) => column[at] ?? ''));
  const titles = columns.map(({ title }) => title);
  const more = rows.length - shown.length;
  const inside = (text: string) => hanging('  ', text, style.columns);
  return [
    ...inside(style.text(printable(caption))),
    ...tableLines(titles, aligned, narrower(style, 2)).map((line) => `  ${line}`),
    ...(more > 0 ? inside(`${more === 1 ? '1 more row' : `${more} more rows`}: see --html or --json`) : []),
    ...notes.flatMap((note) => inside(style.dim(style.text(printable(note))))),
  ].join('\n');
}

/** Numbers with their decimal points below each other. */
function onDecimalPoint(cells: readonly string[]): readonly string[] {
  const before = (cell: string) => cell.search(/[.e %]|$/);
  const widest = Math.max(0, ...cells.map(before));
  return cells.map((cell) => `${' '.repeat(widest - before(cell))}${cell}`);
}
