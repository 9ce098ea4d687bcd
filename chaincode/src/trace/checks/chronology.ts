import { dateOf, plusDays } from '../../model/index.js';
import type { CalendarDate } from '../../model/index.js';
import { failed, holds, note } from './check.js';
import type { Check, OpenedReport } from './check.js';

export const chronology: Check = {
  name: 'chronology',
  proves: 'A standard was calibrated before it calibrated others, and every report was made in its order of dates.',
  about: 'citation',
  examine({ child, parent }, { options }) {
    const disorder = disorderWithin(parent);
    if (disorder !== undefined) {
      return failed(disorder);
    }
    if (child !== null && parent.payload.performed.end > child.payload.performed.begin) {
      return failed(
        `Report ${child.id} began on ${child.payload.performed.begin}, before its parent ${parent.id} was finished on ${parent.payload.performed.end}.`,
      );
    }
    return parent.report.registered.time > options.asOf
      ? note(`Report ${parent.id} was registered on ${parent.report.registered.time}, after the moment asked about.`)
      : holds;
  },
};

function disorderWithin({ id, payload: { performed, issued }, report }: OpenedReport): string | undefined {
  const registered: CalendarDate = dateOf(report.registered.time);
  if (performed.begin > performed.end || performed.end > issued) {
    return `The dates of report ${id} are out of order: performed ${performed.begin} to ${performed.end}, issued ${issued}.`;
  }
  // A day's grace: issuers date by their own calendar, the ledger by UTC.
  return issued > plusDays(registered, 1)
    ? `Report ${id} is dated ${issued}, but was registered on ${registered}.`
    : undefined;
}
