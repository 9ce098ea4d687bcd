import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** A report without parents is a National Metrology Institute's, of one of its own standards. */
export const root: Check = {
  name: 'root',
  about: 'report',
  examine({ report: { id, payload, file, issuer } }) {
    if (payload.parents.length > 0) {
      return holds;
    }
    const organisation = issuer.organisations[0]?.organisation;
    if (organisation?.kind !== 'NMI') {
      return failed(`Report ${id} names no parent, but ${payload.organisation} is not a National Metrology Institute.`);
    }
    return file.device.owner === organisation.id && file.device.kind === 'standard'
      ? holds
      : failed(`Report ${id} names no parent, but ${file.device.id} is not a standard of ${organisation.id}.`);
  },
};
