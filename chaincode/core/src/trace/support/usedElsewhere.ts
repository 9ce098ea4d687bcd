import { scaleOf } from '../../model/index.js';
import type { Asked, UsedSource } from './asked.js';
import { placesUsed, solePlace } from './contributions.js';
import { coordinates, ownArgumentsIn } from './matching.js';
import { isBelow } from './numbers.js';
import { marginAround } from './places.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';

/*
 * A result at 1 MHz that is computed or scaled from a voltage at 50 Hz does not become one at 1 MHz by a formula. For each argument of
 * the result, one of the sources that have such a coordinate was used there; others may have been used elsewhere, like the thermometer
 * of a standard resistor beside that of the furnace.
 */

/** A coordinate of a source that a result states as an argument. */
interface Shared {
  readonly source: UsedSource;
  readonly column: number;
  /** Whether it is the value of the source. */
  readonly isValue: boolean;
  /** Undefined: where the source was used is not stated, so it was used at the argument of the row. */
  readonly at: ((row: number) => number) | undefined;
}

/** Per row, the arguments at which none of the sources was used. */
export function elsewhereReasons(
  { result, policy }: Asked,
  sources: readonly UsedSource[],
): (index: number) => readonly Reason[] {
  const shared = sources.flatMap((source) => sharedBy(source, { result, policy }));
  const columns = [...new Set(shared.map(({ column }) => column))];
  return (index) => {
    const row = result.rows[index];
    const x = row ? coordinates(row) : [];
    return columns.flatMap((column) => {
      const all = shared.filter((each) => each.column === column);
      const kind = result.axes[column]?.kind ?? null;
      const own = x[column] ?? NaN;
      const isThere = ({ at }: Shared) => {
        const used = at?.(index) ?? own;
        const margin = Math.max(marginAround(kind, used, policy), marginAround(kind, own, policy));
        return !isBelow(margin, Math.abs(used - own));
      };
      if (all.some(isThere)) {
        return [];
      }
      const [first] = all;
      const name = result.axes[column]?.name ?? '';
      return first
        ? [reason(all.every(mayBeScaled) ? 'used-at-multiple' : 'used-elsewhere', { source: first.source.index, name })]
        : [];
    });
  };

  /** A frequency of 10 MHz may have been divided. */
  function mayBeScaled({ column, isValue }: Shared): boolean {
    return isValue && scaleOf(result.axes[column]?.kind ?? '') === 'ratio';
  }
}

function sharedBy(source: UsedSource, { result }: Pick<Asked, 'result' | 'policy'>): readonly Shared[] {
  const sole = solePlace(source);
  const places = source.use.at === null ? sole && (() => sole) : placesUsed(source, result.rows.length);
  if (source.use.at !== null && !places) {
    return [];
  }
  return ownArgumentsIn(result, source).map(({ axis, column }) => ({
    source,
    column,
    isValue: source.axes.length === 0,
    at: places && ((row) => places(row)[axis] ?? NaN),
  }));
}
