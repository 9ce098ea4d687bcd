import { comparable, isLess, isMore, siPoints } from '../quantities.js';
import { note } from './check.js';
import type { Check } from './check.js';

export const range: Check = {
  name: 'range',
  proves: 'The child was calibrated within the range over which its parent was.',
  about: 'citation',
  examine({ child, parent }) {
    for (const result of child?.payload.results ?? []) {
      const supporting = comparable(result, parent.payload.results)
        .flatMap(siPoints)
        .map(({ value }) => value);
      const [min, max] = [Math.min(...supporting), Math.max(...supporting)];
      const outside = siPoints(result).some(({ value }) => isLess(value, min) || isMore(value, max));
      if (supporting.length > 0 && outside) {
        return note(
          `Report ${child?.id ?? ''} goes beyond the ${result.quantity} range of its parent ${parent.id}: an extrapolation.`,
        );
      }
    }
    return [];
  },
};
