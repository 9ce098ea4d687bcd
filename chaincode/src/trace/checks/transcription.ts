import { dateOf, plusDays } from '../../model/index.js';
import { attested, holds } from './check.js';
import type { Check } from './check.js';

/** The ledger heard of the work in time; what comes later than the registry's policy allows is a transcription. */
export const transcription: Check = {
  name: 'transcription',
  about: 'report',
  examine({ report }, { policy }) {
    return report.isTranscription
      ? attested(
          `Report ${report.id} of work done on ${report.payload.performed.end} was registered on ${dateOf(report.registered)}, more than ${policy.transcriptionDays} days later: it is a transcription, and rests on the word of ${report.payload.technician}.`,
        )
      : holds;
  },
  told({ report: { id, payload, registered } }, { policy }) {
    const { end } = payload.performed;
    return [
      `The work of report ${id} ended on ${end} and was registered on ${dateOf(registered)}; it could be until ${plusDays(end, policy.transcriptionDays)}.`,
    ];
  },
};
