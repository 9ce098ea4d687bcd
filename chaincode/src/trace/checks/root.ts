import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** A report without parents is a National Metrology Institute's; `scope` holds it against the institute's CMCs. */
export const root: Check = {
  name: 'root',
  about: 'report',
  examine({ report: { id, payload, organisation, issuer } }) {
    return payload.parents.length > 0 || issuer.organisations[0]?.kind === 'NMI'
      ? holds
      : failed(`Report ${id} names no parent, but ${organisation} is not a National Metrology Institute.`);
  },
};
