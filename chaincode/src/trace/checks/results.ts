import { holds, missing, note } from './check.js';
import type { Check } from './check.js';

/** What another report rests on gives results and states their uncertainty (VIM 2.41: each link contributes to it). */
export const results: Check = {
  name: 'results',
  about: 'citation',
  examine({ reliant, report: { id, payload } }) {
    const remark = reliant === null ? note : missing;
    if (payload.results.length === 0) {
      return remark(`Report ${id} gives no results.`);
    }
    return payload.results.some(({ points }) => points.some(({ uncertainty }) => uncertainty !== null))
      ? holds
      : remark(`Report ${id} states no measurement uncertainty.`);
  },
};
