import { failed, holds, note } from './check.js';
import type { Check } from './check.js';

/** The cited report is the current one, or was amended by a report of the same issuer that names it. */
export const amendment: Check = {
  name: 'amendment',
  about: 'citation',
  examine({ cited, report }) {
    if (cited === report) {
      return holds;
    }
    if (report.payload.organisation !== cited.payload.organisation) {
      return failed(`Report ${report.id} amends report ${cited.id} of another organisation.`);
    }
    return note(`Report ${cited.id} was amended: report ${report.id} counts instead.`);
  },
};
