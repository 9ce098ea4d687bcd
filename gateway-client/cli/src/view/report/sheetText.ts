import { printable } from '@tracecal/gateway-client';
import type { Style } from '../../style.js';
import type { Field, Section, Sheet, SheetTable } from './sheet.js';

const WIDTH = 80;
const LABEL = 16;
/** A terminal is no place for a long column; the page and `--json` have all of it. */
const MOST_ROWS = 60;

/** A sheet on a terminal, 80 columns wide as far as its tables allow. */
export function sheetText({ title, subtitle, warnings, sections }: Sheet, style: Style): string {
  return [
    style.bold(printable(title)),
    printable(subtitle),
    ...warnings.map((warning) => style.red(wrapped(printable(warning), 0))),
    ...sections.flatMap((section) => ['', sectionText(section, style)]),
  ].join('\n');
}

function sectionText({ title, fields, tables }: Section, style: Style): string {
  const drawn = tables.map((each) => tableText(each, style)).join('\n\n');
  const lines = [style.bold(title), ...fields.map((each) => fieldText(each, style))];
  return [...lines, ...(drawn === '' ? [] : [drawn])].join('\n');
}

function fieldText({ label, text }: Field, style: Style): string {
  return `  ${style.dim(label.padEnd(LABEL))}${wrapped(printable(text), LABEL + 2)}`;
}

function tableText({ caption, columns, rows, notes }: SheetTable, style: Style): string {
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map((cell) => (cell === null ? '-' : printable(cell))));
  const drawn = columns.map(({ title, isNumber }, i) => {
    const cells = shown.map((row) => row[i] ?? '-');
    const aligned = isNumber ? onDecimalPoint(cells) : cells;
    const width = Math.max(...[title, ...aligned].map(({ length }) => length));
    return [title, ...aligned].map((text) => text.padEnd(width));
  });
  const line = (at: number) => `  ${drawn.map((column) => column[at] ?? '').join('  ')}`.trimEnd();
  const more = rows.length - shown.length;
  return [
    `  ${wrapped(printable(caption), 2)}`,
    style.dim(line(0)),
    ...shown.map((_, at) => line(at + 1)),
    ...(more > 0 ? [`  ${more === 1 ? '1 more row' : `${more} more rows`}: see --html or --json`] : []),
    ...notes.map((note) => `  ${style.dim(wrapped(printable(note), 2))}`),
  ].join('\n');
}

/** Numbers with their decimal points below each other. */
function onDecimalPoint(cells: readonly string[]): readonly string[] {
  const before = (cell: string) => cell.search(/[.e %]|$/);
  const widest = Math.max(0, ...cells.map(before));
  return cells.map((cell) => `${' '.repeat(widest - before(cell))}${cell}`);
}

/** Text in lines of at most 80 columns, those after the first indented. A word that is longer stays whole. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH - indent) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
