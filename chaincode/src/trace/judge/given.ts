import type { Result } from '../../model/index.js';
import { perResult } from '../perResult.js';
import { isUsable, siPoints } from '../quantities.js';
import type { Given, GivenArgument, Range } from '../verdict.js';

/** Over which range a result was measured, and how well. */
export const givenOf = perResult(summary);

function summary(result: Result): Given {
  const { name, quantity, unit, arguments: all = [] } = result;
  // Nothing is held against the other rows, and nothing may be read into the range from them.
  const points = siPoints(result);
  const usable = result.rows.filter((_, place) => points[place] && isUsable(points[place]));
  const rows = usable.length > 0 ? usable : result.rows;
  const uncertainties = rows.flatMap(({ uncertainty }) => (uncertainty ? [uncertainty.expanded] : []));
  return {
    name,
    quantity,
    unit,
    range: rangeOf(rows.flatMap(({ value }) => value ?? [])),
    uncertainty: uncertainties.length > 0 ? rangeOf(uncertainties) : null,
    arguments: all.flatMap((argument, place): readonly GivenArgument[] => {
      const values = rows.map(({ at }) => at?.[place]).filter((value) => typeof value === 'number');
      return argument.unit === undefined || values.length === 0
        ? []
        : [{ name: argument.name, unit: argument.unit, range: rangeOf(values) }];
    }),
  };
}

/** Nothing is infinite in JSON: without values it is 0 to 0. */
function rangeOf(values: readonly number[]): Range {
  return values.length === 0 ? { min: 0, max: 0 } : { min: Math.min(...values), max: Math.max(...values) };
}
