import type { Result } from '../../model/index.js';
import { at95 } from '../cmc/index.js';
import { perResult } from '../perResult.js';
import { isUsable, siPoints } from '../quantities.js';
import type { Given, GivenArgument, Range } from '../verdict.js';

/** The range and the uncertainty of a result. */
export const givenOf = perResult(summary);

function summary(result: Result): Given {
  const { name, quantity, unit, arguments: all = [] } = result;
  // The other rows are not checked, so they must not extend the range.
  const points = siPoints(result);
  const usable = result.rows.filter((_, place) => points[place] && isUsable(points[place]));
  const rows = usable.length > 0 ? usable : result.rows;
  const values = rows.flatMap(({ value }) => value ?? []);
  const uncertainties = rows.flatMap(({ uncertainty }) => (uncertainty && at95(uncertainty)) ?? []);
  return {
    name,
    quantity,
    unit,
    range: values.length > 0 ? rangeOf(values) : null,
    uncertainty: uncertainties.length > 0 ? rangeOf(uncertainties.map(({ expanded }) => expanded)) : null,
    coverageFactor: uncertainties.length > 0 ? rangeOf(uncertainties.map(({ k }) => k)) : null,
    arguments: all.flatMap((argument, place): readonly GivenArgument[] => {
      const places = rows.map(({ at }) => at?.[place]).filter((value) => typeof value === 'number');
      return argument.unit === undefined || places.length === 0
        ? []
        : [{ name: argument.name, unit: argument.unit, range: rangeOf(places) }];
    }),
  };
}

function rangeOf(values: readonly number[]): Range {
  return { min: Math.min(...values), max: Math.max(...values) };
}
