import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The technician may sign for every quantity that the report gives results for. */
export const technicianAuthorised: Check = {
  name: 'technician-authorised',
  about: 'report',
  examine({ report: { id, payload, issuer } }) {
    const technicians = issuer.organisations[0]?.technicians ?? {};
    const allowed = Object.hasOwn(technicians, payload.technician) ? technicians[payload.technician]?.quantities : [];
    const beyond = payload.results.find(({ quantity }) => !allowed?.includes(quantity));
    return beyond
      ? failed(
          `Technician ${payload.technician} may not sign for ${beyond.quantity}, which report ${id} gives results for.`,
        )
      : holds;
  },
};
