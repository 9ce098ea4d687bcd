import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** What calibrates others is registered as a standard, not as a field device. */
export const parentStandard: Check = {
  name: 'parent-standard',
  about: 'citation',
  examine({ reliant, report: { device } }) {
    return reliant === null || device.imprint.body.kind === 'standard'
      ? holds
      : failed(`Report ${reliant.id} rests on ${device.id}, which is a field device and not a standard.`);
  },
  told({ reliant, report: { device } }) {
    return reliant === null ? [] : [`Device ${device.id} is registered as a ${device.imprint.body.kind}.`];
  },
};
