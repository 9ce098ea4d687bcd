import { holds, note } from './check.js';
import type { Check } from './check.js';

/** Notes that the cited report was amended. Opening the amendment decides whether it counts. */
export const amendment: Check = {
  name: 'amendment',
  about: 'citation',
  examine({ cited, report }) {
    return cited.id === report.id ? holds : note(`Report ${cited.id} was amended: report ${report.id} counts instead.`);
  },
};
