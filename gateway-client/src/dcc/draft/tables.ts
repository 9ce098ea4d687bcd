import type { Quantity, ResultData } from '../data.js';

/**
 * The tables of a result. Quantities of one list are columns of one table. Quantities outside lists, and lists of a single
 * column, are columns of one table if they have the same number of rows: older certificates write one list per column.
 */
export function tablesOf({ quantities }: Pick<ResultData, 'quantities'>): Quantity[][] {
  const lists = groupBy(quantities, ({ table }) => table);
  const loose: Quantity[] = [];
  const tables: Quantity[][] = [];
  for (const [list, columns] of lists) {
    if (list === null || columns.length === 1) {
      loose.push(...columns);
    } else {
      tables.push(columns);
    }
  }
  return [...groupBy(loose, rowsOf).values(), ...tables];
}

function rowsOf({ points, complex }: Quantity): number {
  return points.length + complex.length;
}

function groupBy<K>(quantities: readonly Quantity[], keyOf: (quantity: Quantity) => K): ReadonlyMap<K, Quantity[]> {
  const groups = new Map<K, Quantity[]>();
  for (const quantity of quantities) {
    const key = keyOf(quantity);
    const group = groups.get(key) ?? [];
    group.push(quantity);
    groups.set(key, group);
  }
  return groups;
}
