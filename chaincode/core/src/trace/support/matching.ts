import type { Axis, ResultRow, Said, SourceRow, SupportedResult } from './input.js';

/** The column of a row for each argument of a source. */
export interface Match {
  /** One for each matched argument of the source: its index there, and the column of the row ({@link coordinates}). */
  readonly pairs: readonly { readonly axis: number; readonly column: number }[];
  /** The row does not state the first argument of the source. */
  readonly lacksFirst: boolean;
  /** Further arguments that the row does not state. */
  readonly lacking: readonly string[];
}

/**
 * Arguments are matched by kind of quantity; several of one kind are matched by name, then in order. Arguments that only the result
 * has are ignored. The result's value matches an argument of its own kind. A setting of the result matches a physical argument of the
 * source if no physical argument does.
 */
export function matchAxes(result: Pick<SupportedResult, 'kind' | 'axes' | 'settings'>, source: Said): Match {
  const columns = [...result.axes, ...(result.settings ?? [])];
  const free = new Set(columns.keys());
  const take = (axis: Axis): number | undefined => {
    const ofKind = [...free].filter((column) => columns[column]?.kind === axis.kind);
    const physical = ofKind.filter((column) => column < result.axes.length);
    const alike = physical.length > 0 ? physical : ofKind;
    const column = alike.find((each) => columns[each]?.name === axis.name) ?? alike[0];
    if (column !== undefined) {
      free.delete(column);
      return column;
    }
    return axis.kind === result.kind ? columns.length : undefined;
  };
  const found = axesOf(source).map((axis) => ({ axis, column: take(axis) }));
  return {
    pairs: found.flatMap(({ column }, axis) => (column === undefined ? [] : [{ axis, column }])),
    lacksFirst: found.length > 0 && found[0]?.column === undefined,
    lacking: found.slice(1).flatMap(({ axis, column }) => (column === undefined ? [axis.name] : [])),
  };
}

/** The arguments of a row, its settings, and its value last. */
export function coordinates({ x, set = [], y }: ResultRow): readonly number[] {
  return [...x, ...set, y ?? NaN];
}

/**
 * Without an argument, the value is its own argument. A coefficient then has no argument: a sensitivity of 0.13 pC/(m/s²) also
 * supports sensors with other sensitivities.
 */
export function axesOf({ axes, kind, scale }: Pick<Said, 'axes' | 'kind' | 'scale'>): readonly Axis[] {
  return axes.length > 0 || scale === 'coefficient' || kind === null ? axes : [{ kind, name: kind }];
}

/** Reads the arguments of a source's rows, one for each axis of {@link axesOf}; undefined if one is unknown. */
export function argumentsOf(source: Omit<Said, 'rows'>): (row: SourceRow) => readonly number[] | undefined {
  const { length } = axesOf(source);
  const isOwn = source.axes.length === 0 && length > 0;
  return ({ x, y }) => {
    const own = isOwn ? [y ?? NaN] : x;
    return own.length === length && own.every(Number.isFinite) ? own : undefined;
  };
}
