import { dateOf, earliestMomentOf, plusDays } from '../../model/index.js';
import type { CalendarDate, SourceRole } from '../../model/index.js';
import { attested, failed, holds } from './check.js';
import type { Check, Link, OpenReport } from './check.js';

/** A standard was calibrated before it calibrated others, and the dates of every report are in order. */
export const chronology: Check = {
  name: 'chronology',
  about: 'citation',
  examine(link, { moment }) {
    const { reliant, report } = link;
    const disorder = disorderWithin(report);
    if (disorder !== undefined) {
      return failed(disorder);
    }
    if (reliant !== null && report.payload.performed.end > reliant.payload.performed.begin && !isBracketing(link)) {
      return failed(
        `Report ${reliant.id} began on ${reliant.payload.performed.begin}, before its parent ${report.id} was finished on ${report.payload.performed.end}.`,
      );
    }
    // Nobody could have relied on it then: its signer dated it back.
    return !moment.hasReached(report.registered)
      ? attested(`Report ${report.id} was registered on ${report.registered}, after the moment asked about.`)
      : holds;
  },
  told({ reliant, report: { id, payload, registered } }) {
    const { performed, issued } = payload;
    const own = `Report ${id} was performed from ${performed.begin} to ${performed.end}, issued on ${issued} and registered on ${dateOf(registered)}.`;
    return reliant === null
      ? [own]
      : [own, `The work of report ${reliant.id}, which relies on it, began on ${reliant.payload.performed.begin}.`];
  },
};

/** A report may name a later calibration of a standard beside the earlier one: it shows the drift of the standard and supports nothing. */
function isBracketing({ reliant, cited, isLater }: Link): boolean {
  const place = reliant?.payload.parents.findIndex((parent) => parent.kind === 'report' && parent.report === cited.id);
  const uses = reliant?.counted.flatMap(({ support }) => support?.uses ?? []) ?? [];
  return isLater && !uses.some(({ source, role }) => source === place && MAKING.includes(role));
}

/** Roles of sources with which a result is made. */
const MAKING: readonly SourceRole[] = ['reference', 'input', 'ratio'];

function disorderWithin({ id, payload: { performed, issued }, registered, said }: OpenReport): string | undefined {
  const day: CalendarDate = dateOf(registered);
  if (performed.begin > performed.end || performed.end > issued) {
    return `The dates of report ${id} are out of order: performed ${performed.begin} to ${performed.end}, issued ${issued}.`;
  }
  const earliest = earliestMomentOf(performed.end);
  if (said.registered.date < earliest) {
    // It would stay the newest until then, whatever becomes of it.
    return `Report ${id} was performed until ${performed.end}, which lies ahead of its registration at ${said.registered.date}: nowhere does that day begin before ${earliest}.`;
  }
  // A day's grace: issuers date by their own calendar, the ledger by UTC.
  return issued > plusDays(day, 1) ? `Report ${id} is dated ${issued}, but was registered on ${day}.` : undefined;
}
