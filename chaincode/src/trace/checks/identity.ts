import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The signed report is of this registry, this device and this id: it was not carried over from elsewhere. */
export const identity: Check = {
  name: 'identity',
  about: 'report',
  examine({ report: { id, file, payload } }, { registry }) {
    if (payload.registry !== registry) {
      return failed(`Report ${id} was signed for registry "${payload.registry}", not for "${registry}".`);
    }
    if (payload.report !== id) {
      return failed(`Report ${id} was signed as "${payload.report}".`);
    }
    return payload.device === file.device.id
      ? holds
      : failed(`Report ${id} is of device "${payload.device}", but is filed under "${file.device.id}".`);
  },
};
