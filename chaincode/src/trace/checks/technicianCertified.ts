import { technicianKey } from './technician.js';
import { failed, holds, invalidDay, signingUse } from './check.js';
import type { Check } from './check.js';

/**
 * The reporting organisation vouches for the technician's certificate, and it was valid on the day of the work, which is
 * the signer's own word, and when the ledger took the report in.
 */
export const technicianCertified: Check = {
  name: 'technician-certified',
  about: 'report',
  examine({ report }) {
    const { technician } = report;
    const key = technicianKey(report);
    if (!technician || !key) {
      const [flaw] = technician?.flaws ?? [];
      return flaw === undefined ? holds : failed(flaw); // technician-signature tells the rest.
    }
    const day = invalidDay(key.certificate, signingUse(report));
    return day === undefined
      ? holds
      : failed(`The certificate of technician ${technician.id} was not valid on ${day}.`);
  },
};
