import { dateOf, plusDays } from '../../model/index.js';
import type { CalendarDate, Instant } from '../../model/index.js';
import type { IntervalSet } from '../open/ownership.js';
import { attested, failed, holds, missing, relyingUse } from './check.js';
import type { Check, Link, OpenReport, Remark, TraceContext } from './check.js';

/** The calibration was not overdue by its owner's policy when it was relied on (ISO/IEC 17025 leaves that to the owner). */
export const interval: Check = {
  name: 'interval',
  about: 'citation',
  examine(link, context) {
    const { reliant, report } = link;
    const due = dueDate(link, context);
    if (due === undefined) {
      return agreed(link, context);
    }
    if (!reliant) {
      return overdue(report, due, dateOf(context.options.asOf));
    }
    const { begun, done, registered } = relyingUse(reliant);
    const found = [...overdueMeanwhile(report, begun, done), ...overdue(report, due, dateOf(done))].slice(0, 1);
    return found.length > 0 || dateOf(registered) <= due
      ? found
      : attested(
          `The recalibration of ${report.device.id} was due on ${due}, between the work of report ${reliant.id}, ${dateOf(done)}, and its registration on ${dateOf(registered)}.`,
        );
  },
  told(link, context) {
    const { reliant, report } = link;
    const due = dueDate(link, context);
    const used = dateOf(reliant ? relyingUse(reliant).done : context.options.asOf);
    const limit = due === undefined ? 'no interval is set' : `recalibration is due on ${due}`;
    return [
      `Device ${report.device.id} was calibrated until ${report.payload.performed.end}; ${limit}; it is used on ${used}.`,
    ];
  },
};

/** Where the owner sets no interval, a date on the certificate is taken as agreed with its customer. */
function agreed({ reliant, report }: Link, { options }: TraceContext): readonly Remark[] {
  const { recalibrateBy } = report.payload;
  const used = reliant ? dateOf(relyingUse(reliant).done) : dateOf(options.asOf);
  return recalibrateBy === undefined || used <= recalibrateBy
    ? holds
    : missing(
        `Report ${report.id} asks for recalibration by ${recalibrateBy}, and device ${report.device.id} was relied on on ${used}: its owner has set no interval.`,
      );
}

function dueDate(link: Link, context: TraceContext): CalendarDate | undefined {
  const own = intervalInForce(link, context);
  const days = own ? own.days : context.options.intervalDays;
  return days === null ? undefined : plusDays(link.report.payload.performed.end, days);
}

/**
 * What the owner had set by then; for what was done before the device was registered, what it was registered with. Undefined
 * where the question sets its own.
 */
export function intervalInForce({ reliant, report }: Link, { options }: TraceContext): IntervalSet | undefined {
  if (reliant === null && options.intervalDays !== null) {
    return undefined;
  }
  const { intervals } = report.device;
  const moment = reliant ? `${reliant.payload.performed.end}T23:59:59Z` : options.asOf;
  return intervals.findLast(({ from }) => from <= moment) ?? intervals[0];
}

/** What was overdue by an interval that its owner changed while the work lasted. */
function overdueMeanwhile(report: OpenReport, begun: Instant, done: Instant): readonly Remark[] {
  const { intervals } = report.device;
  return intervals.slice(1).flatMap(({ from }, place) => {
    const days = intervals[place]?.days ?? null;
    return days === null || from <= begun || from > done
      ? holds
      : overdue(report, plusDays(report.payload.performed.end, days), dateOf(from));
  });
}

function overdue({ id, device }: OpenReport, due: CalendarDate, used: CalendarDate): readonly Remark[] {
  return used <= due
    ? holds
    : failed(`The recalibration of ${device.id} was due on ${due}, but report ${id} was relied on on ${used}.`);
}
