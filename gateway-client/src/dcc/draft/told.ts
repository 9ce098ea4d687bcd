import { DccError } from '../errors.js';
import type { Column, TablePlace } from './column.js';
import { namesSpan } from './fullScale.js';
import { means, type Mapping, type Pointer } from './mapping.js';
import { draftUnit } from './units.js';

/** A mapping file in use. It records which entries were used, so that a misspelt name is not ignored silently. */
export class Told {
  readonly #mapping: Mapping;
  readonly #applied = new Set<object>();

  /** @throws DccError `MAPPING_INVALID` if it is for another certificate */
  constructor(mapping: Mapping, uniqueIdentifier: string) {
    if (mapping.certificate !== undefined && mapping.certificate !== uniqueIdentifier) {
      const detail = `It is for the certificate "${mapping.certificate}", and this one is "${uniqueIdentifier}".`;
      throw new DccError('MAPPING_INVALID', detail);
    }
    this.#mapping = mapping;
  }

  get units(): Mapping['units'] {
    return this.#mapping.units;
  }

  get parents(): Mapping['parents'] {
    return this.#mapping.parents;
  }

  /** The role of a column, by its position or one of its names. */
  column(place: TablePlace, column: number, names: readonly string[]): Mapping['columns'][number] | undefined {
    return this.#first(this.#mapping.columns, place, (entry) => means(entry.column, column, names));
  }

  /** The kind of a result, or of the one among its results that has such a column. */
  kind(place: TablePlace, hasColumn: (column: Pointer) => boolean): Mapping['kinds'][number] | undefined {
    return this.#first(this.#mapping.kinds, place, ({ column }) => column === undefined || hasColumn(column));
  }

  coverage(place: TablePlace): Mapping['coverage'][number] | undefined {
    return this.#first(this.#mapping.coverage, place);
  }

  method(place: TablePlace): Mapping['methods'][number] | undefined {
    return this.#first(this.#mapping.methods, place);
  }

  asFound(place: TablePlace): Mapping['asFound'][number] | undefined {
    return this.#first(this.#mapping.asFound, place);
  }

  item(place: TablePlace): Mapping['items'][number] | undefined {
    return this.#first(this.#mapping.items, place);
  }

  /** Arguments whose values fit a table of this many rows. */
  arguments(place: TablePlace, rows: number): readonly Mapping['arguments'][number][] {
    const fitting = this.#mapping.arguments.filter(
      ({ result, values }) =>
        means(result, place.result, place.names) && (values.length === 1 || values.length === rows),
    );
    fitting.forEach((entry) => this.#applied.add(entry));
    return fitting;
  }

  /** Unused entries, as written in the mapping file. */
  get unused(): readonly string[] {
    const { columns, kinds, arguments: places, coverage, methods, asFound, items } = this.#mapping;
    const lists = Object.entries({ columns, kinds, arguments: places, coverage, methods, asFound, items });
    return lists.flatMap(([name, entries]) =>
      entries.flatMap((entry, i) => (this.#applied.has(entry) ? [] : [`${name}[${i}]`])),
    );
  }

  #first<T extends { readonly result?: Pointer | undefined }>(
    entries: readonly T[],
    place: TablePlace,
    fits: (entry: T) => boolean = () => true,
  ): T | undefined {
    const found = entries.find((entry) => means(entry.result, place.result, place.names) && fits(entry));
    if (found) {
      this.#applied.add(found);
    }
    return found;
  }
}

/**
 * What only the mapping file states, as columns of a table: reference values, which are the arguments of the table's deviations, and a
 * full scale, of which relative columns are parts.
 */
export function toldColumns(table: readonly Column[], place: TablePlace, told: Told): Column[] {
  const [first] = table;
  const count = Math.max(0, ...table.map(({ cells }) => cells.length));
  return told.arguments(place, count).flatMap(({ name, role, values, unit: written = '' }) => {
    const unit = draftUnit(written, told.units);
    const numbers = values.filter((value) => typeof value === 'number');
    const isReference = role === 'reference' || (role === 'physical' && isLone(table, unit?.dimension));
    const isSpan = role === 'setting' && namesSpan([name]);
    if (!(isReference || isSpan) || !first || !unit || numbers.length !== values.length) {
      return [];
    }
    const cells = Array.from({ length: count }, (_, i) => ({
      value: (numbers.length === 1 ? numbers[0] : numbers[i]) ?? null,
      note: null,
      uncertainty: null,
    }));
    const named = { name, names: [name], refTypes: [], from: 'mapping' } as const;
    const column = { ...named, role: isReference ? ('reference' as const) : ('setting' as const) };
    return [{ ...column, ...NOT_SAID, unit, reason: null, cells, words: [], quantity: first.quantity }];
  });
}

const NOT_SAID = { ofResult: false, ofValue: null, ofSpan: false } as const;

/** Whether a table states deviations of this dimension, and no values that they deviate from. */
function isLone(table: readonly Column[], dimension: string | undefined): boolean {
  const like = table.filter(({ unit }) => unit !== null && unit.dimension === dimension);
  return like.length > 0 && like.every(({ role }) => role === 'error' || role === 'correction' || role === 'deviation');
}
