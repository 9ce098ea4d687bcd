import { dateOf, plusDays } from '../../model/index.js';
import { attested, holds } from './check.js';
import type { Check, OpenReport } from './check.js';

/**
 * A report is its laboratory's own, and the ledger heard of the work in time. What comes later than the registry's policy allows, and
 * what transcribes somebody else's certificate, rests on its technician's word.
 */
export const transcription: Check = {
  name: 'transcription',
  about: 'report',
  examine({ report }, { policy }) {
    return report.isTranscription ? attested(whatItRestsOn(report, policy.transcriptionDays)) : holds;
  },
  told({ report: { id, payload, registered } }, { policy }) {
    const { end } = payload.performed;
    return [
      `The work of report ${id} ended on ${end} and was registered on ${dateOf(registered)}; it could be until ${plusDays(end, policy.transcriptionDays)}.`,
    ];
  },
};

function whatItRestsOn(report: OpenReport, days: number): string {
  const { id, organisation, payload, laboratory, registered } = report;
  const { certificate, technician } = payload;
  if (certificate && laboratory.id !== organisation) {
    const by = laboratory.id ?? `"${certificate.laboratory}", which is no member of this registry`;
    return `Report ${id} transcribes certificate ${certificate.number} of ${by}: it rests on the word of ${technician}.`;
  }
  return `Report ${id} of work done on ${payload.performed.end} was registered on ${dateOf(registered)}, more than ${days} days later: it is a transcription, and rests on the word of ${technician}.`;
}
