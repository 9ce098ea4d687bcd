import { oneLine } from '../oneLine.js';
import type { Condition } from '../circumstances.js';
import type { Column, TablePlace } from './columns.js';
import type { Group } from './groups.js';
import type { KindProposer } from './kinds.js';
import { means, type Mapping } from './mapping.js';
import type { Argument, Origin } from './shapes.js';
import { draftUnit } from './units.js';

/** An argument of a result, and its values: one a row; null where a row does not state it. */
export interface ArgumentColumn {
  readonly argument: Argument;
  readonly values: readonly (number | string | null)[];
  readonly from: Origin;
}

/** Where the rows of a table hold: columns first, then conditions, then what the mapping file adds. */
export function argumentsOf(
  group: Group,
  places: readonly Column[],
  count: number,
  { place, mapping, kindOf }: { readonly place: TablePlace; readonly mapping: Mapping; readonly kindOf: KindProposer },
): readonly ArgumentColumn[] {
  const columns = places.flatMap((column) => fromColumn(column, count, kindOf) ?? []);
  const conditions = conditionsOf(group).flatMap((condition) => fromCondition(condition, count, kindOf) ?? []);
  const told = mapping.arguments
    .filter(({ result, role }) => role !== 'reference' && means(result, place.result, place.names))
    .flatMap((entry) => fromMapping(entry, count, kindOf) ?? []);
  const names = new Set(told.map(({ argument }) => argument.name));
  return [...[...columns, ...conditions].filter(({ argument }) => !names.has(argument.name)), ...told];
}

function fromColumn(column: Column, count: number, kindOf: KindProposer): ArgumentColumn | null {
  const { name, names, refTypes, role, from, unit, cells } = column;
  const words = column.words.flatMap((text) => text.split(/\s+/));
  if (!unit) {
    const values = words.length === count ? words : column.words;
    const stated = spread(values, count);
    return stated && { argument: { name, role: 'setting', quantity: null, unit: null }, values: stated, from };
  }
  const values = spread(
    cells.map(({ value }) => value),
    count,
  );
  const quantity = kindOf({ names, refTypes, unit: unit.text, difference: false })?.quantity ?? null;
  const isSetting = role === 'setting' || quantity === null;
  return (
    values && { argument: { name, role: isSetting ? 'setting' : 'physical', quantity, unit: unit.text }, values, from }
  );
}

/** Conditions of the columns themselves: at 20 °C. Those of the whole measurement are its surroundings. */
function conditionsOf({ value, indication, difference }: Group): readonly Condition[] {
  const columns = [value, indication, difference].filter((column) => column !== null);
  return [...new Set(columns.flatMap(({ quantity }) => quantity.circumstances.conditions))];
}

/** A condition between two limits is a range, not an argument. */
function fromCondition(condition: Condition, count: number, kindOf: KindProposer): ArgumentColumn | null {
  const quantities = condition.data?.quantities ?? [];
  const [quantity] = quantities;
  const [first] = quantity?.points ?? [];
  const unit = first && draftUnit(first.unit);
  if (!quantity || quantities.length > 1 || !unit || quantity.points.some((point) => point.unit !== first.unit)) {
    return null;
  }
  const values = spread(
    quantity.points.map(({ value }) => value),
    count,
  );
  const text = condition.name ?? quantity.name;
  const names = (text?.all ?? []).map((part) => oneLine(part.text));
  const refTypes = [condition.refType, quantity.refType].flatMap((refType) => refType?.split(/\s+/) ?? []);
  const kind = kindOf({ names, refTypes, unit: unit.text, difference: false })?.quantity ?? null;
  const name = oneLine(text?.text) || kind || 'condition';
  return values && { argument: { name, role: 'physical', quantity: kind, unit: unit.text }, values, from: 'condition' };
}

function fromMapping(entry: Mapping['arguments'][number], count: number, kindOf: KindProposer): ArgumentColumn | null {
  const { name, role, unit = null } = entry;
  const values = spread(entry.values, count);
  const proposed = unit === null ? null : kindOf({ names: [name], refTypes: [], unit, difference: false });
  const quantity = entry.quantity ?? proposed?.quantity ?? null;
  const isPhysical = role === 'physical';
  return (
    values && { argument: { name, role: isPhysical ? 'physical' : 'setting', quantity, unit }, values, from: 'mapping' }
  );
}

/** One for all rows, or one a row; null for any other number. */
function spread<T>(values: readonly T[], count: number): readonly T[] | null {
  const [first] = values;
  if (values.length === 1 && first !== undefined) {
    return Array.from({ length: count }, () => first);
  }
  return values.length === count ? values : null;
}
