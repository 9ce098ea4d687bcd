import type { AccreditationLine, Cmc, LinearCmc, MatrixCmc, TableCmc, Variable } from '../../model/index.js';

/** The position of a row in a line: numbers in the line's units, within its ranges. */
export interface Position {
  readonly value: number;
  /** One an argument of the line, in its order. */
  readonly at: readonly number[];
}

/** The CMC of a line at a position within it, in the line's unit; NaN where it cannot be computed. */
export function cmcAt(line: AccreditationLine, position: Position): number {
  const { cmc } = line;
  const of = (variable: Variable) =>
    variable === null
      ? position.value
      : (position.at[line.arguments.findIndex(({ name }) => name === variable)] ?? NaN);
  const stated = statedAt(cmc, of);
  return cmc.form !== 'linear' && cmc.relative ? stated * Math.abs(position.value) : stated;
}

function statedAt(cmc: Cmc, of: (variable: Variable) => number): number {
  switch (cmc.form) {
    case 'constant':
      return cmc.value;
    case 'table':
      return tableAt(cmc, of(cmc.of));
    case 'linear':
      return linearAt(cmc, of);
    case 'matrix':
      return matrixAt(cmc, of(cmc.of[0]), of(cmc.of[1]));
  }
}

function linearAt({ a, terms, combined }: LinearCmc, of: (variable: Variable) => number): number {
  const parts = [a, ...terms.map((term) => term.b * Math.abs(of(term.of)))];
  return combined === 'sum'
    ? parts.reduce((sum, part) => sum + part, 0)
    : Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0));
}

function tableAt({ points }: TableCmc, at: number): number {
  return between(
    bracket(points.length, (place) => points[place]?.at ?? NaN, at),
    (place) => points[place]?.cmc ?? NaN,
  );
}

function matrixAt({ rows, columns, cmc }: MatrixCmc, row: number, column: number): number {
  const down = bracket(rows.length, (place) => rows[place] ?? NaN, row);
  const across = bracket(columns.length, (place) => columns[place] ?? NaN, column);
  return between(down, (place) => between(across, (other) => cmc[place]?.[other] ?? NaN));
}

/** Two neighbouring nodes and how far a number lies from the first to the second, 0 to 1. */
interface Bracket {
  readonly below: number;
  readonly above: number;
  readonly part: number;
}

/** The interval of ascending nodes that contains a number. By bisection, because tables have many nodes and results many rows. */
function bracket(count: number, nodeAt: (place: number) => number, at: number): Bracket {
  let [below, above] = [0, count - 1];
  while (above - below > 1) {
    const middle = (below + above) >>> 1;
    if (nodeAt(middle) <= at) {
      below = middle;
    } else {
      above = middle;
    }
  }
  const [low, high] = [nodeAt(below), nodeAt(above)];
  // Halves first: the distance between two nodes may exceed the largest double.
  return { below, above, part: high === at ? 1 : (at / 2 - low / 2) / (high / 2 - low / 2) };
}

/** A sum of positive parts, because a difference of two CMCs could round to zero. At a node, exactly the node's value. */
function between({ below, above, part }: Bracket, valueAt: (place: number) => number): number {
  if (part === 0 || part === 1) {
    return valueAt(part === 0 ? below : above);
  }
  return (1 - part) * valueAt(below) + part * valueAt(above);
}
