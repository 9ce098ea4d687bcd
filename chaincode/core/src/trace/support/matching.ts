import { valuesOf } from '../../model/index.js';
import type { Axis, ResultRow, Said, SourceRow, SupportedResult } from './input.js';

/** The column of a row for each argument of a source. */
export interface Match {
  /** One for each matched coordinate of the source: its index there, and the column of the row ({@link coordinates}). */
  readonly pairs: readonly { readonly axis: number; readonly column: number }[];
  /** The row does not state the first argument of the source. */
  readonly lacksFirst: boolean;
  /** Further arguments that the row does not state. */
  readonly lacking: readonly string[];
  /** Arguments of the source that may be one or another of the result's, by their names. */
  readonly ambiguous: readonly Ambiguous[];
}

interface Ambiguous {
  readonly name: string;
  readonly among: readonly string[];
}

/** Whether an argument stands for the value: a nominal value. */
export function isNominal({ kind, isBeside }: Axis, ofValue: string | null): boolean {
  return kind === ofValue && isBeside !== true;
}

/**
 * Arguments are matched by kind of quantity; if either side has several of one kind, by name alone: the frequency of a carrier is not that
 * of its modulation. Arguments that only the result has are ignored. The value of a source without arguments matches the result's value, and so does a nominal value if the result
 * states none. A setting of the result matches a physical argument of the source if no physical argument does.
 */
export function matchAxes(result: Pick<SupportedResult, 'kind' | 'axes' | 'settings'>, source: Said): Match {
  const columns = [...result.axes, ...(result.settings ?? [])];
  const free = new Set(columns.keys());
  const isValue = (axis: Axis) => isNominal(axis, result.kind);
  const ambiguous: Ambiguous[] = [];
  const take = (axis: Axis): number | undefined => {
    if (isValue(axis) && source.axes.length === 0) {
      return columns.length;
    }
    const ofKind = [...columns.keys()].filter((column) => isAlike(columns[column], axis));
    const physical = ofKind.filter((column) => column < result.axes.length);
    const alike = physical.length > 0 ? physical : ofKind;
    const isOnly = alike.length === 1 && source.axes.filter((each) => isAlike(each, axis)).length <= 1;
    const named = alike.filter((column) => free.has(column) && (isOnly || columns[column]?.name === axis.name));
    // What stands for the value is near it, whatever it is called.
    const own = named.length > 1 ? undefined : named[0];
    const column = own ?? (isValue(axis) ? alike.find((each) => free.has(each)) : undefined);
    if (column !== undefined) {
      free.delete(column);
      return column;
    }
    if (alike.length > 0 && !isValue(axis)) {
      ambiguous.push({ name: axis.name, among: alike.flatMap((each) => columns[each]?.name ?? []) });
    }
    return isValue(axis) ? columns.length : undefined;
  };
  const found = axesOf(source).map((axis) => ({ axis, column: take(axis) }));
  const value = isPlacedByValue(source) ? [{ axis: found.length, column: columns.length }] : [];
  const first = firstOf(source);
  return {
    pairs: [...found.flatMap(({ column }, axis) => (column === undefined ? [] : [{ axis, column }])), ...value],
    lacksFirst: first !== undefined && found.some(({ axis, column }) => axis === first && column === undefined),
    lacking: found.flatMap(({ axis, column }) =>
      axis !== first && column === undefined && !ambiguous.some(({ name }) => name === axis.name) ? [axis.name] : [],
    ),
    ambiguous,
  };
}

function isAlike(one: Axis | undefined, other: Axis): boolean {
  return one?.kind === other.kind && one.isBeside === other.isBeside;
}

/**
 * The coordinates of a source that a result states as arguments, in the order of the source. The value of a source without arguments is
 * such a coordinate too: the thermometer beside a resistance over temperatures. Nominal values are none, and settings none for a value.
 */
export function ownArgumentsIn(
  result: Pick<SupportedResult, 'kind' | 'axes' | 'settings'>,
  source: Said,
): Match['pairs'] {
  const own = result.axes.length + (source.axes.length > 0 ? (result.settings ?? []).length : 0);
  return matchAxes(result, source).pairs.filter(({ column }) => {
    const axis = result.axes[column];
    return column < own && !(axis && isNominal(axis, result.kind));
  });
}

/** The argument that a result has to state: what is beside a value never places it alone. */
export function firstOf({ axes }: Pick<Said, 'axes'>): Axis | undefined {
  return axes.find(({ isBeside }) => isBeside !== true);
}

/** The arguments of a row, its settings, and its value last. */
export function coordinates({ x, set = [], y }: ResultRow): readonly number[] {
  return [...x, ...set, y ?? NaN];
}

/**
 * Without an argument, the value is its own argument. A coefficient or the deviation of a clock then has no argument: a sensitivity of 0.13 pC/(m/s²) also
 * supports sensors with other sensitivities.
 */
export function axesOf({ axes, kind, scale }: Pick<Said, 'axes' | 'kind' | 'scale'>): readonly Axis[] {
  const isAnywhere = scale === 'coefficient' || kind === null || FOUND_ANYWHERE.has(kind);
  return axes.length > 0 || isAnywhere ? axes : [{ kind, name: kind }];
}

/** How far an oscillator or a clock is off says nothing about where it was compared: 3e-9 of one rests on 1e-13 of another. */
const FOUND_ANYWHERE: ReadonlySet<string> = new Set(['relative-frequency-deviation', 'time-scale-difference']);

/**
 * Whether the value of a row is one of its coordinates, beside its arguments: rows of 1 V and of 1000 V at 50 Hz are two places. A
 * nominal value stands for it, and a finding may have any value.
 */
export function isPlacedByValue({ axes, kind, scale }: Pick<Said, 'axes' | 'kind' | 'scale'>): boolean {
  const isRange = kind !== null && scale !== 'coefficient' && valuesOf(kind) === 'range';
  return isRange && axes.length > 0 && !axes.some((axis) => isNominal(axis, kind));
}

/** All coordinates of a source in their order, for places that are stated in its own terms. */
export function ownPairs(source: Pick<Said, 'axes' | 'kind' | 'scale'>): Match['pairs'] {
  const length = axesOf(source).length + (isPlacedByValue(source) ? 1 : 0);
  return Array.from({ length }, (_, axis) => ({ axis, column: axis }));
}

/** Reads the coordinates of a source's rows: one for each axis of {@link axesOf}, and the value; undefined if one is unknown. */
export function coordinatesIn(
  source: Omit<Said, 'rows'>,
): (row: Pick<SourceRow, 'x' | 'y'>) => readonly number[] | undefined {
  const { length } = axesOf(source);
  const isOwn = source.axes.length === 0 && length > 0;
  const isWithValue = isPlacedByValue(source);
  return ({ x, y }) => {
    const own = isOwn ? [y ?? NaN] : x;
    const all = isWithValue ? [...own, y ?? NaN] : own;
    return own.length === length && all.every(Number.isFinite) ? all : undefined;
  };
}
