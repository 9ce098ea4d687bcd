import { unitName, withUnit } from '@tracecal/core/model';
import type { AccreditationLine, Cmc, LinearCmc, Variable } from '@tracecal/core/model';
import type { Style } from '../style.js';
import { table } from './table.js';

/** A line of an accreditation, with what it was granted under and by whom. */
export interface ListedLine {
  readonly line: AccreditationLine;
  /** The organisation that granted it. */
  readonly by: string;
  readonly body: string | null;
  readonly number: string | null;
}

const COLUMNS = [
  { title: 'quantity', of: ({ line }: ListedLine) => line.quantity },
  { title: 'from', of: ({ line }: ListedLine) => line.min },
  { title: 'to', of: ({ line }: ListedLine) => line.max },
  { title: 'unit', of: ({ line }: ListedLine) => unitName(line.unit) },
  { title: 'at', of: ({ line }: ListedLine) => argumentsText(line) },
  { title: 'CMC (U at 95 %)', of: ({ line }: ListedLine) => cmcText(line) },
  { title: 'method', of: ({ line }: ListedLine) => methodText(line) },
  { title: 'place', of: ({ line }: ListedLine) => PLACES[line.place] },
  { title: 'valid from', of: ({ line }: ListedLine) => line.validFrom },
  { title: 'until', of: ({ line }: ListedLine) => line.validTo },
  { title: 'KCDB service', of: ({ line }: ListedLine) => line.service },
  { title: 'granted by', of: ({ by }: ListedLine) => by },
  { title: 'body', of: ({ body }: ListedLine) => body },
  { title: 'number', of: ({ number }: ListedLine) => number },
];

const PLACES: Readonly<Record<AccreditationLine['place'], string>> = {
  laboratory: 'laboratory',
  'on-site': 'on site',
  both: 'laboratory, on site',
};

/** What an organisation is accredited for, a line a row. Columns in which no line says anything are left out. */
export function scopeTable(lines: readonly ListedLine[], style: Style): string {
  const told = COLUMNS.filter(({ of }) => lines.some((line) => of(line) !== null));
  return table(told, lines, style);
}

/** A CMC on one line: `0.01`, `0.5 % of x`, `0.01 + 2e-5 |x|`, `√(0.01² + (2e-5 |x|)²)`, or the nodes of a table. */
export function cmcText({ cmc, unit, arguments: all }: Pick<AccreditationLine, 'cmc' | 'unit' | 'arguments'>): string {
  const unitOf = (variable: Variable) =>
    variable === null ? unit : (all.find(({ name }) => name === variable)?.unit ?? '');
  switch (cmc.form) {
    case 'constant':
      return amount(cmc.value, cmc.relative);
    case 'linear':
      return linearText(cmc);
    case 'table':
      return nodesText(cmc, unitOf(cmc.of));
    case 'matrix': {
      const numbers = cmc.cmc.flat();
      const size = `${cmc.rows.length} x ${cmc.columns.length}`;
      const over = cmc.of.map(symbolOf).join(' and ');
      return `${amount(Math.min(...numbers), cmc.relative)} to ${amount(Math.max(...numbers), cmc.relative)} (matrix ${size} over ${over})`;
    }
  }
}

function linearText({ a, terms, combined }: LinearCmc): string {
  const parts = terms.filter(({ b }) => b > 0).map(({ of, b }) => `${b} |${symbolOf(of)}|`);
  if (combined === 'sum') {
    return [...(a > 0 ? [String(a)] : []), ...parts].join(' + ');
  }
  return `√(${[...(a > 0 ? [`${a}²`] : []), ...parts.map((part) => `(${part})²`)].join(' + ')})`;
}

/** Tables with more nodes than this are shown by their ends. */
const MOST_NODES = 5;

function nodesText({ points, of, relative }: Extract<Cmc, { form: 'table' }>, unit: string): string {
  const shown = points.length <= MOST_NODES ? points : [points[0], points.at(-1)].filter((node) => node !== undefined);
  const texts = shown.map(({ at, cmc }) => `${amount(cmc, relative)} at ${withUnit(at, unit)}`);
  const text = texts.join(points.length <= MOST_NODES ? ', ' : ' ... ');
  return `${text} (table of ${points.length} over ${symbolOf(of)})`;
}

function amount(number: number, relative: boolean): string {
  return relative ? `${Number((number * 100).toPrecision(12))} % of x` : String(number);
}

/** As in equations: x is the quantity itself. */
function symbolOf(variable: Variable): string {
  return variable ?? 'x';
}

function argumentsText({ arguments: all }: AccreditationLine): string | null {
  const texts = all.map(({ name, min, max, unit }) => `${name} ${min} to ${withUnit(max, unit)}`);
  return texts.length === 0 ? null : texts.join(', ');
}

function methodText({ method, methodLevel }: AccreditationLine): string | null {
  const texts = [method, methodLevel].filter((text) => text !== null);
  return texts.length === 0 ? null : texts.join(', ');
}
