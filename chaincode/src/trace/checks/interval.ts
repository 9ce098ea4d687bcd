import { dateOf, plusDays } from '../../model/index.js';
import type { CalendarDate, Instant } from '../../model/index.js';
import { attested, failed, holds, relyingUse } from './check.js';
import type { Check, Link, OpenReport, Remark, TraceContext } from './check.js';

/** The calibration was not overdue by its owner's policy when it was relied on (ISO/IEC 17025 leaves that to the owner). */
export const interval: Check = {
  name: 'interval',
  about: 'citation',
  examine(link, context) {
    const { reliant, report } = link;
    const due = dueDate(link, context);
    if (due === undefined) {
      return holds;
    }
    if (!reliant) {
      return overdue(report, due, dateOf(context.options.asOf));
    }
    const { done, registered } = relyingUse(reliant);
    const found = overdue(report, due, dateOf(done));
    return found.length > 0 || dateOf(registered) <= due
      ? found
      : attested(
          `The recalibration of ${report.device.id} was due on ${due}, between the work of report ${reliant.id}, ${dateOf(done)}, and its registration on ${dateOf(registered)}.`,
        );
  },
};

function dueDate({ reliant, report }: Link, { options }: TraceContext): CalendarDate | undefined {
  const day = reliant ? `${reliant.payload.performed.end}T23:59:59Z` : options.asOf;
  const days = (reliant === null ? options.intervalDays : null) ?? intervalOn(report, day);
  return days === null ? undefined : plusDays(report.payload.performed.end, days);
}

/** What the owner had set by then; for what was done before the device was registered, what it was registered with. */
function intervalOn({ device: { intervals } }: OpenReport, moment: Instant): number | null {
  return (intervals.findLast(({ from }) => from <= moment) ?? intervals[0])?.days ?? null;
}

function overdue({ id, device }: OpenReport, due: CalendarDate, used: CalendarDate): readonly Remark[] {
  return used <= due
    ? holds
    : failed(`The recalibration of ${device.id} was due on ${due}, but report ${id} was relied on on ${used}.`);
}
