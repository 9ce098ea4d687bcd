import { dateOf, parseUnit, plusDays, registrantOf } from '../../model/index.js';
import type { CalendarDate, Result, Scope } from '../../model/index.js';
import type { Line } from '../open/opener.js';
import { ownerOn, ownerThen } from '../open/ownership.js';
import { dimensionOf, isAtLeast, siPoints } from '../quantities.js';
import type { SiPoint } from '../quantities.js';
import { attested, failed, holds, missing, relyingUse, useOf } from './check.js';
import type { Check, Link, OpenReport, Remark, TraceContext } from './check.js';

/**
 * On all days of the work the organisation was accredited for the quantity and range, and claims no less than its CMC.
 * National institutes and laboratories need a line for it. A sensor maker needs none for what it imprinted or owned then, as
 * ISO 10012 has it: it calibrates that under its own responsibility. Anybody else's devices it does not.
 */
export const scope: Check = {
  name: 'scope',
  about: 'report',
  examine({ report }) {
    return isMakersOwn(report) || wasMakersOwn(report) ? holds : accredited(report);
  },
};

/**
 * What a sensor maker only owned, its word is enough for as long as it owns it: whoever uses the device afterwards relies on
 * somebody else's, and lending a device to a maker for its calibration is no way around an accreditation.
 */
export const scopeOfUse: Check = {
  name: 'scope',
  about: 'citation',
  examine(link, context) {
    return !wasMakersOwn(link.report) || isExempt(link, context) ? holds : accredited(link.report);
  },
};

/** Whether a use of a report needs no accreditation of whoever calibrated. */
export function isExempt({ reliant, report }: Link, { options }: TraceContext): boolean {
  const moment = reliant ? useOf(reliant).done : options.asOf;
  const isOwner = () => ownerOn(report.device, moment) === report.organisation;
  return isMakersOwn(report) || (wasMakersOwn(report) && isOwner());
}

function accredited(report: OpenReport): readonly Remark[] {
  const { id, organisation } = report;
  const results = report.counted;
  if (results.length === 0) {
    return missing(`Report ${id} gives no results that the accreditation of ${organisation} could cover.`);
  }
  const { begun, done, registered } = relyingUse(report);
  const uncovered = (day: CalendarDate) => results.find((result) => !isCovered(result, report, day));
  for (const day of daysOfWork(report, dateOf(begun), dateOf(done))) {
    const beyond = uncovered(day);
    if (beyond) {
      return failed(
        `Organisation ${organisation} had no accreditation on ${day} that covers ${beyond.name} (${beyond.quantity}) of report ${id} with its uncertainty.`,
      );
    }
  }
  const ended = uncovered(dateOf(registered));
  return ended
    ? attested(
        `The accreditation of ${organisation} for ${ended.quantity} ended between the work of report ${id}, ${dateOf(done)}, and its registration on ${dateOf(registered)}.`,
      )
    : holds;
}

/** The first and the last day, and those between them on which a line has just ended. */
function daysOfWork({ lines }: OpenReport, first: CalendarDate, last: CalendarDate): ReadonlySet<CalendarDate> {
  const ended = lines.map(({ scope: { validTo } }) => plusDays(validTo, 1)).filter((day) => first < day && day < last);
  return new Set([last, first, ...ended]);
}

function isMaker({ issuer }: OpenReport): boolean {
  return issuer.organisations[0]?.kind === 'OEM';
}

/** Whether a sensor maker calibrated what it imprinted. */
function isMakersOwn(report: OpenReport): boolean {
  return isMaker(report) && registrantOf(report.device.id) === report.organisation;
}

/** Whether a sensor maker calibrated what it owned, on the day of the work and when the ledger heard of it. */
function wasMakersOwn(report: OpenReport): boolean {
  const { organisation, device, said } = report;
  const owners = [ownerOn(device, useOf(report).done), ownerThen(device, said.registered)];
  return isMaker(report) && owners.every((owner) => owner === organisation);
}

function isCovered(result: Result, report: OpenReport, day: CalendarDate): boolean {
  const applicable = applicableLines(result, report, day);
  const points = siPoints(result);
  return points.length > 0 && points.every((point) => applicable.some(({ scope: line }) => isWithin(line, point)));
}

/** For every value of a report, on the days of the work and when the ledger heard of it: the lines that cover it. */
export function coveringLines(report: OpenReport): readonly (readonly Line[])[] {
  const { begun, done, registered } = relyingUse(report);
  const days = daysOfWork(report, dateOf(begun), dateOf(done));
  return [...new Set([...days, dateOf(registered)])].flatMap((day) =>
    report.counted.flatMap((result) => {
      const applicable = applicableLines(result, report, day);
      return siPoints(result).map((point) => applicable.filter(({ scope: line }) => isWithin(line, point)));
    }),
  );
}

function applicableLines(result: Result, { lines }: OpenReport, day: CalendarDate): readonly Line[] {
  return lines.filter(
    ({ scope: { quantity, unit, validFrom, validTo } }) =>
      quantity === result.quantity &&
      validFrom <= day &&
      day <= validTo &&
      parseUnit(unit)?.dimension === dimensionOf(result),
  );
}

function isWithin({ unit, min, max, cmc }: Scope, { value, uncertainty }: SiPoint): boolean {
  const { factor, offset } = parseUnit(unit) ?? { factor: NaN, offset: NaN };
  const x = (value - offset) / factor;
  // CMCs are stated as expanded uncertainties with k = 2.
  const isPossible = () =>
    uncertainty === null || isAtLeast((2 * uncertainty) / factor, cmc.absolute + cmc.relative * Math.abs(x));
  return isAtLeast(x, min) && isAtLeast(max, x) && isPossible();
}
