import { isFinitePoint, isUsable, siPoints } from '../quantities.js';
import { failed, holds, missing, note } from './check.js';
import type { Check } from './check.js';

/**
 * What another report rests on gives results and states their uncertainty (VIM 2.41: each link contributes to it). Numbers that
 * leave the range of a double when converted to SI cannot be compared with anything, so nobody may state them.
 */
export const results: Check = {
  name: 'results',
  about: 'citation',
  examine({ reliant, report: { id, payload } }) {
    const remark = reliant === null ? note : missing;
    if (payload.results.length === 0) {
      return remark(`Report ${id} gives no results.`);
    }
    const boundless = payload.results.find((result) => !siPoints(result).every(isFinitePoint));
    if (boundless) {
      return failed(`Report ${id} gives ${boundless.name} with a number that is not finite in SI units.`);
    }
    return payload.results.some((result) => siPoints(result).some(isUsable))
      ? holds
      : remark(`Report ${id} states no measurement uncertainty.`);
  },
};
