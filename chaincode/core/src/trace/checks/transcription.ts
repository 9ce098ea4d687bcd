import { dateOf, plusDays } from '../../model/index.js';
import { attested, holds, note } from './check.js';
import type { Check, OpenReport, Remark } from './check.js';

/**
 * A report is its laboratory's own and was registered in time. A report that comes later than the registry's policy allows, or
 * transcribes another laboratory's certificate, rests on its technician's word.
 */
export const transcription: Check = {
  name: 'transcription',
  about: 'report',
  examine({ report }, { policy }) {
    if (!report.isTranscription) {
      return holds;
    }
    const { confirmedBy } = report;
    return confirmedBy.length === 0
      ? sealed(report, attested(whatItRestsOn(report, policy.transcriptionDays)))
      : note(
          `The original of report ${report.id}, a transcription, reads equal to ${confirmedBy.join(' and ')}, by their officers' signatures.`,
        );
  },
  told({ report }, { policy }) {
    const { id, payload, registered } = report.repeats ?? report;
    const { end } = payload.performed;
    return [
      ...(report.repeats
        ? [`Report ${report.id} amends report ${id} and states the same work with the same results.`]
        : []),
      `The work of report ${id} ended on ${end} and was registered on ${dateOf(registered)}; the last day for that was ${plusDays(end, policy.transcriptionDays)}.`,
    ];
  },
};

/** A verified seal shows that the file comes from its laboratory. It marks the transcription and does not improve the status. */
function sealed({ payload: { certificate }, registered }: OpenReport, remarks: readonly Remark[]): readonly Remark[] {
  const { seal } = certificate ?? {};
  const isInTime = seal?.proven === undefined || seal.proven <= registered;
  return seal && isInTime
    ? remarks.map((remark) => ({
        ...remark,
        basis: 'sealed',
        reason: `${remark.reason} The seal of the certificate was verified, and whoever has the original can verify it again.`,
      }))
    : remarks;
}

function whatItRestsOn(report: OpenReport, days: number): string {
  const { id, organisation, payload, laboratory, registered } = report;
  const { certificate, technician } = payload;
  if (certificate && laboratory.id !== organisation) {
    const by = laboratory.id ?? `"${certificate.laboratory}", which is no member of this registry`;
    return `Report ${id} transcribes certificate ${certificate.number} of ${by}: it rests on the word of ${technician}.`;
  }
  return `Report ${id} of work done on ${payload.performed.end} was registered on ${dateOf(registered)}, more than ${days} days later: it is a transcription, and rests on the word of ${technician}.`;
}
