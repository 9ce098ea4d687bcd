import { dateOf, plusDays } from '../../model/index.js';
import type { CalendarDate } from '../../model/index.js';
import { failed, holds, note } from './check.js';
import type { Check, OpenedReport } from './check.js';

/** A standard was calibrated before it calibrated others, and every report was made in its order of dates. */
export const chronology: Check = {
  name: 'chronology',
  about: 'citation',
  examine({ reliant, report }, { options }) {
    const disorder = disorderWithin(report);
    if (disorder !== undefined) {
      return failed(disorder);
    }
    if (reliant !== null && report.payload.performed.end > reliant.payload.performed.begin) {
      return failed(
        `Report ${reliant.id} began on ${reliant.payload.performed.begin}, before its parent ${report.id} was finished on ${report.payload.performed.end}.`,
      );
    }
    return report.record.registered.time > options.asOf
      ? note(`Report ${report.id} was registered on ${report.record.registered.time}, after the moment asked about.`)
      : holds;
  },
};

function disorderWithin({ id, payload: { performed, issued }, record }: OpenedReport): string | undefined {
  const registered: CalendarDate = dateOf(record.registered.time);
  if (performed.begin > performed.end || performed.end > issued) {
    return `The dates of report ${id} are out of order: performed ${performed.begin} to ${performed.end}, issued ${issued}.`;
  }
  // A day's grace: issuers date by their own calendar, the ledger by UTC.
  return issued > plusDays(registered, 1)
    ? `Report ${id} is dated ${issued}, but was registered on ${registered}.`
    : undefined;
}
