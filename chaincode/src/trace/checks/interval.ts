import { dateOf, plusDays } from '../../model/index.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

/** The calibration was not overdue by its owner's policy when it was relied on (ISO/IEC 17025 leaves that to the owner). */
export const interval: Check = {
  name: 'interval',
  about: 'citation',
  examine({ reliant, report: { id, payload, file } }, { options }) {
    const days = reliant === null ? (options.intervalDays ?? file.device.intervalDays) : file.device.intervalDays;
    if (days === null) {
      return holds;
    }
    const due = plusDays(payload.performed.end, days);
    const used = reliant ? reliant.payload.performed.end : dateOf(options.asOf);
    return used <= due
      ? holds
      : failed(
          `The calibration of ${file.device.id} (report ${id}) was due again on ${due} and was relied on on ${used}.`,
        );
  },
};
