import type { KindEvidence } from '@tracecal/core/model';
import type { Condition } from '../data.js';
import { oneLine } from '../oneLine.js';
import type { Column, TablePlace } from './column.js';
import { describesWeighing } from './descriptions.js';
import { columnsIn, type Group } from './groups.js';
import type { Mapping } from './mapping.js';
import type { Argument, Origin, Row, RowNote } from './shapes.js';
import type { Told } from './told.js';
import { draftUnit, type DraftUnit } from './units.js';

/** An argument of a result and its values, one per row; null for a row that does not state it. */
export interface ArgumentColumn {
  readonly argument: Argument;
  readonly values: readonly (number | string | null)[];
  readonly from: Origin;
}

interface Around {
  readonly place: TablePlace;
  readonly told: Told;
  /** The kind of the result. */
  readonly quantity: string;
  /** Of the whole measurement. */
  readonly surroundings: readonly Condition[];
  /** The kind of an argument. */
  readonly kindOf: (clues: KindEvidence, unit: DraftUnit) => string;
}

/** The arguments of a table's rows: from columns first, then from conditions, then from the mapping file. */
export function argumentsOf(
  group: Group,
  places: readonly Column[],
  count: number,
  { place, told, quantity, surroundings, kindOf }: Around,
): readonly ArgumentColumn[] {
  const columns = places
    .filter((column) => !isDescription(column, quantity))
    .flatMap((column) => fromColumn(column, count, kindOf) ?? []);
  // A frequency in the table takes precedence.
  const isPlaced = places.some(({ unit }) => unit?.dimension === PER_SECOND);
  const stated = [
    ...columns,
    ...conditionsOf(group, isPlaced || quantity.startsWith('dc-') ? [] : surroundings)
      .filter((condition) => !isOfWeighing(condition, quantity))
      .flatMap((condition) => fromCondition(condition, count, kindOf) ?? []),
  ];
  const added = told
    .arguments(place, count)
    // What became the values themselves is not an argument beside them.
    .filter(({ role, name }) => role !== 'reference' && !(group.value?.from === 'mapping' && group.value.name === name))
    .flatMap((entry) => fromMapping(entry, count, kindOf) ?? []);
  const names = new Set(added.map(({ argument }) => argument.name));
  return namedApart([...stated.filter(({ argument }) => !names.has(argument.name)), ...added]);
}

/** Whether only the structure of the table makes it an argument, although it describes the item or its surroundings. */
export function isDescription({ names, from, unit }: Column, quantity: string): boolean {
  return from === 'structure' && unit !== null && describesWeighing(quantity, { names, dimension: unit.dimension });
}

/** A question names its arguments, so two arguments may not have the same name. */
function namedApart(columns: readonly ArgumentColumn[]): readonly ArgumentColumn[] {
  return columns.map((column, i) => {
    const { name } = column.argument;
    const before = columns.slice(0, i).filter(({ argument }) => argument.name === name).length;
    return before === 0 ? column : { ...column, argument: { ...column.argument, name: `${name} (${before + 1})` } };
  });
}

function fromColumn(column: Column, count: number, kindOf: Around['kindOf']): ArgumentColumn | null {
  const { name, names, refTypes, role, from, unit, cells } = column;
  if (!unit) {
    const words = column.words.flatMap((text) => text.split(/\s+/));
    const values = spread(words.length === count ? words : column.words, count);
    return values && { argument: { name, role: 'setting', quantity: null, unit: null }, values, from };
  }
  const numbers = cells.map(({ value }) => value);
  const values = spread(numbers, count);
  const argument = { name, role: role === 'setting' ? role : ('physical' as const), unit: unit.text };
  return values && { argument: { ...argument, quantity: kindOf({ names, refTypes }, unit) }, values, from };
}

/**
 * Conditions of the columns themselves: at 20 °C. Conditions of the whole measurement describe its environment, except for
 * the frequency of the measurement.
 */
function conditionsOf(group: Group, surroundings: readonly Condition[]): readonly Condition[] {
  const own = columnsIn(group).flatMap(({ quantity }) => quantity.circumstances.conditions);
  return [...new Set([...own, ...surroundings.filter((condition) => isFrequency(condition, group))])];
}

/** A condition per time that is not the frequency of what was measured. */
const OF_WORK =
  /sampl|abtast|échantillonn|muestreo|bandwidth|bandbreite|bande passante|\bclock\b|takt|rotation|drehzahl|\brpm\b|air changes?|luftwechsel|refresh|update rate|chopp/i;
const MAINS = /mains|supply|netz|versorgung|réseau|alimentation|red eléctrica/i;
const PER_SECOND = draftUnit('\\hertz')?.dimension;

function isFrequency({ data, name, status }: Condition, group: Group): boolean {
  const [quantity, ...others] = data?.quantities ?? [];
  if (!quantity || others.length > 0 || status !== null) {
    return false;
  }
  const isMains = [name, quantity.name].some((text) => MAINS.test(text?.text ?? '') || OF_WORK.test(text?.text ?? ''));
  const ofItself = columnsIn(group).some((column) => column.unit?.dimension === PER_SECOND);
  return !isMains && !ofItself && commonUnit(quantity.points)?.dimension === PER_SECOND;
}

/** A condition between two limits is a range, not an argument. */
function fromCondition(condition: Condition, count: number, kindOf: Around['kindOf']): ArgumentColumn | null {
  const { data, refType } = condition;
  const [quantity, ...others] = data?.quantities ?? [];
  const unit = quantity && commonUnit(quantity.points);
  if (!unit || others.length > 0) {
    return null;
  }
  const numbers = quantity.points.map(({ value }) => value);
  const values = spread(numbers, count);
  const names = namesOf(condition);
  const refTypes = [refType, quantity.refType].flatMap((words) => words?.split(/\s+/) ?? []);
  const kind = kindOf({ names, refTypes }, unit);
  const title = [oneLine((condition.name ?? quantity.name)?.text), kind].find(Boolean) ?? 'condition';
  const argument: Argument = { name: title, role: 'physical', quantity: kind, unit: unit.text };
  return values && { argument, values, from: 'condition' };
}

function isOfWeighing(condition: Condition, result: string): boolean {
  const unit = commonUnit(condition.data?.quantities[0]?.points ?? []);
  return unit !== undefined && describesWeighing(result, { names: namesOf(condition), dimension: unit.dimension });
}

function namesOf({ name, data }: Condition): readonly string[] {
  return ((name ?? data?.quantities[0]?.name)?.all ?? []).map(({ text }) => oneLine(text));
}

function commonUnit(points: readonly { readonly unit: string }[]): DraftUnit | undefined {
  const [first] = points;
  return first && points.every(({ unit }) => unit === first.unit) ? draftUnit(first.unit) : undefined;
}

function fromMapping(
  { name, role, unit: written, quantity, values: told }: Mapping['arguments'][number],
  count: number,
  kindOf: Around['kindOf'],
): ArgumentColumn | null {
  const unit = written === undefined ? undefined : draftUnit(written);
  const values = spread(told, count);
  const kind = quantity ?? (unit ? kindOf({ names: [name] }, unit) : null);
  const argument: Argument = {
    name,
    role: role === 'physical' ? role : 'setting',
    quantity: kind,
    unit: unit?.text ?? null,
  };
  return values && { argument, values, from: 'mapping' };
}

/** One for all rows, or one per row; null for any other number. */
function spread<T>(values: readonly T[], count: number): readonly T[] | null {
  const [first] = values;
  if (values.length === 1 && first !== undefined) {
    return Array.from({ length: count }, () => first);
  }
  return values.length === count ? values : null;
}

/** A row without its arguments cannot be queried: it is omitted, and reported. */
export function placeRows(
  rows: readonly Omit<Row, 'at'>[],
  at: readonly ArgumentColumn[],
): { readonly rows: readonly Row[]; readonly notes: readonly RowNote[] } {
  const placed = rows.map((row, i) => {
    const places = at.map(({ values }) => values[i] ?? null);
    const missing = at[places.indexOf(null)];
    return missing
      ? { row: null, note: { row: i + 1, note: `it is left out: it does not state "${missing.argument.name}"` } }
      : { row: { ...row, at: places.filter((place) => place !== null) }, note: null };
  });
  return { rows: placed.flatMap(({ row }) => row ?? []), notes: placed.flatMap(({ note }) => note ?? []) };
}
