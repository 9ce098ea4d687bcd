import { technicianKey } from './technician.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The technician named in the report signed it with a key that the organisation certified. */
export const technicianSignature: Check = {
  name: 'technician-signature',
  about: 'report',
  examine({ report }) {
    const { id, payload, technician } = report;
    if (!technician) {
      return failed(`Technician ${payload.technician}, who signed report ${id}, is not registered.`);
    }
    return technicianKey(report)
      ? holds
      : failed(`The signature of technician ${payload.technician} on report ${id} is not valid.`);
  },
  told({ report }) {
    const key = technicianKey(report);
    return key
      ? [
          `Technician ${report.payload.technician} signed report ${report.id} with the key of certificate ${key.certificate.sha256}.`,
        ]
      : [];
  },
};
