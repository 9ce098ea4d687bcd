import { failed, holds, note } from './check.js';
import type { Check } from './check.js';

export const amendment: Check = {
  name: 'amendment',
  proves: 'The cited report is the current one, or was amended by a report of the same issuer that names it.',
  about: 'citation',
  examine({ cited, parent }) {
    if (cited === parent) {
      return holds;
    }
    if (parent.payload.organisation !== cited.payload.organisation) {
      return failed(`Report ${parent.id} amends report ${cited.id} of another organisation.`);
    }
    return note(`Report ${cited.id} was amended: report ${parent.id} counts instead.`);
  },
};
