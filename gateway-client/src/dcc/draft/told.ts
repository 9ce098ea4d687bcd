import type { Column, TablePlace } from './columns.js';
import { means, type Mapping } from './mapping.js';
import { draftUnit } from './units.js';

/** Reference values that only the mapping file states, as columns of a table: where the deviations of the table hold. */
export function toldReferences(table: readonly Column[], place: TablePlace, mapping: Mapping): Column[] {
  const [first] = table;
  const count = Math.max(0, ...table.map(({ cells }) => cells.length));
  return mapping.arguments
    .filter(({ role, result }) => role === 'reference' && means(result, place.result, place.names))
    .flatMap(({ name, values, unit: written = '' }) => {
      const unit = draftUnit(written, mapping.units);
      const numbers = values.filter((value) => typeof value === 'number');
      const fits = numbers.length === values.length && (values.length === 1 || values.length === count);
      if (!first || !unit || !fits) {
        return [];
      }
      const cells = Array.from({ length: count }, (_, i) => ({
        value: (numbers.length === 1 ? numbers[0] : numbers[i]) ?? null,
        note: null,
        uncertainty: null,
      }));
      const told = { name, names: [name], refTypes: [], role: 'reference', from: 'mapping' } as const;
      return [{ ...told, unit, reason: null, cells, words: [], quantity: first.quantity }];
    });
}
