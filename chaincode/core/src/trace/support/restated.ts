import type { Said } from './input.js';
import { axesOf, matchAxes } from './matching.js';

/** A statement of a source: its kind and its arguments in order. */
export type Arguments = Pick<Said, 'kind' | 'scale' | 'axes'>;

/** Whether its only argument is its value. */
export function isOwnArgument(stated: Arguments): boolean {
  return stated.axes.length === 0 && axesOf(stated).length > 0;
}

/** For each argument of one statement, its place among those of another; undefined if that does not have it. */
export function columnsOf(to: Arguments, from: Arguments): readonly (number | undefined)[] {
  const { length } = axesOf(from);
  const { pairs } = matchAxes(
    { kind: from.kind ?? '', axes: alone(from) },
    { ...to, axes: alone(to), report: '', dimension: null, rows: [], range: null },
  );
  const columns = new Map(pairs.map(({ axis, column }) => [axis, column]));
  return axesOf(to).map((_, axis) => {
    const column = columns.get(axis);
    return column !== undefined && column < length ? column : undefined;
  });
}

/** Whether an argument is near the value may differ between two versions. */
function alone({ axes }: Arguments): Said['axes'] {
  return axes.map(({ kind, name }) => ({ kind, name }));
}

/**
 * A place that belongs to one statement of a source, by the arguments of another statement. With one argument it may be one number for
 * each row; a number after those of the arguments names the value. Empty if it does not fit.
 */
export function restated(at: readonly number[], from: Arguments, to: Arguments): readonly number[] {
  const columns = columnsOf(to, from).map((column) => column ?? NaN);
  const { length } = axesOf(from);
  if (columns.length === length && columns.every((column, place) => column === place)) {
    return at;
  }
  const value = at.slice(length);
  return [length, length + 1].includes(at.length) && !columns.some(Number.isNaN)
    ? [...columns.map((column) => at[column] ?? NaN), ...value]
    : [];
}
