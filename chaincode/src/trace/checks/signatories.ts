import { claimedSigners, signerName } from '../../signing/index.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The report carries one signature of its technician and of every parent device, and no other. */
export const signatories: Check = {
  name: 'signatories',
  about: 'report',
  examine({ report: { id, record, payload } }, { options }) {
    if (!options.signatures) {
      return holds;
    }
    const expected = new Set([
      signerName('technician', payload.technician),
      ...payload.parents.flatMap((parent) => (parent.kind === 'report' ? [signerName('device', parent.device)] : [])),
    ]);
    const claimed = claimedSigners(record.jws);
    const missing = [...expected].find((signer) => !claimed.includes(signer));
    if (missing !== undefined) {
      return failed(`Report ${id} is not signed by ${missing}.`);
    }
    return claimed.length === expected.size
      ? holds
      : failed(`Report ${id} carries a signature that is neither its technician's nor a parent device's.`);
  },
};
