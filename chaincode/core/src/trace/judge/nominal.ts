import { valuesOf } from '../../model/index.js';
import { credibleExpanded } from '../coverageFactors.js';
import type { ResultRow } from '../support/index.js';
import { hullOf } from '../support/nodes.js';
import { marginAround } from '../support/places.js';

/**
 * How far a nominal value may be from the value that was measured, as a part of it or of the span of all values. A constant, not a
 * setting of the registry's policy: what a certificate says does not depend on that.
 */
const NEAR = { edge: 0.02 };

/**
 * Whether an argument of the value's own kind stands for the value: in every row it is near it. An ambient temperature beside a
 * temperature, a supply voltage beside a voltage or the diameter of a probe beside a length is none of these values. What was found at
 * arguments is whatever it is, and is not compared with them.
 */
export function areNominal(
  numbers: readonly number[],
  rows: readonly Pick<ResultRow, 'y' | 'expanded' | 'k'>[],
  kind: string,
): boolean {
  if (valuesOf(kind) === 'finding') {
    return true;
  }
  const { min, max } = hullOf(rows.flatMap(({ y }) => y ?? []));
  return rows.every(({ y, expanded, k }, place) => {
    const number = numbers[place] ?? NaN;
    const own = Number.isFinite(expanded) ? credibleExpanded(expanded, k) : 0;
    const margin = Math.max(marginAround(kind, y ?? NaN, NEAR), NEAR.edge * (max - min), own);
    return y === null || !(Math.abs(number - y) > margin);
  });
}
