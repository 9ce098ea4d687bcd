import { claimedSigners } from '../../signing/index.js';
import { reportSigners } from '../signatories.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The report has exactly one signature of its technician and of every parent device, and no other. */
export const signatories: Check = {
  name: 'signatories',
  about: 'report',
  examine({ report: { id, said, payload } }) {
    const expected = reportSigners(payload);
    const claimed = claimedSigners(said.entry.jws);
    const missing = expected.find((signer) => !claimed.includes(signer));
    if (missing !== undefined) {
      return failed(`Report ${id} is not signed by ${missing}.`);
    }
    return claimed.length === expected.length
      ? holds
      : failed(`Report ${id} carries a signature that is neither its technician's nor a parent device's.`);
  },
  told({ report: { id, said, payload } }) {
    return [
      `Report ${id} needs the signatures of ${reportSigners(payload).join(', ')}, and carries those of ${claimedSigners(said.entry.jws).join(', ')}.`,
    ];
  },
};
