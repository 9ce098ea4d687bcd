import type { Result } from '../../model/index.js';
import { comparable, isLess, siPoints, uncertaintyAt } from '../quantities.js';
import { failed, holds, note } from './check.js';
import type { Check } from './check.js';

export const uncertainty: Check = {
  name: 'uncertainty',
  proves: 'No result is stated better than the standard it was measured with: u = U/k never falls along the chain.',
  about: 'citation',
  examine({ child, parent }) {
    if (child === null) {
      return statesUncertainty(parent.payload.results)
        ? holds
        : note(`Report ${parent.id} states no measurement uncertainty.`);
    }
    const better = child.payload.results.find((result) => isBetter(result, parent.payload.results));
    return better
      ? failed(`Report ${child.id} states ${better.name} with a smaller uncertainty than its parent ${parent.id} has.`)
      : holds;
  },
};

function statesUncertainty(results: readonly Result[]): boolean {
  return results.length === 0 || results.some(({ points }) => points.some((point) => point.uncertainty !== null));
}

function isBetter(result: Result, parents: readonly Result[]): boolean {
  const supporting = comparable(result, parents).map(siPoints);
  return siPoints(result).some(({ value, uncertainty: own }) => {
    const best = Math.min(...supporting.map((points) => uncertaintyAt(points, value) ?? Infinity));
    return own !== null && best !== Infinity && isLess(own, best);
  });
}
