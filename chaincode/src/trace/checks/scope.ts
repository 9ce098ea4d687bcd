import { dateOf, parseUnit, registrantOf } from '../../model/index.js';
import type { CalendarDate, Result, Scope } from '../../model/index.js';
import { ownerThen } from '../open/ownership.js';
import { dimensionOf, isAtLeast, siPoints } from '../quantities.js';
import type { SiPoint } from '../quantities.js';
import { attested, failed, holds, missing, relyingUse } from './check.js';
import type { Check, OpenReport } from './check.js';

/**
 * On the day of the work the organisation was accredited for the quantity and range, and claims no less than its CMC.
 * National institutes and laboratories need a line for it. A sensor maker needs none for what it imprinted or owns, as
 * ISO 10012 has it: it calibrates that under its own responsibility. Anybody else's devices it does not.
 */
export const scope: Check = {
  name: 'scope',
  about: 'report',
  examine({ report }) {
    if (isExempt(report)) {
      return holds;
    }
    const { id, organisation } = report;
    const results = report.counted;
    if (results.length === 0) {
      return missing(`Report ${id} gives no results that the accreditation of ${organisation} could cover.`);
    }
    const { done, registered } = relyingUse(report);
    const uncovered = (day: CalendarDate) => results.find((result) => !isCovered(result, report, day));
    const beyond = uncovered(dateOf(done));
    if (beyond) {
      return failed(
        `Organisation ${organisation} had no accreditation on ${dateOf(done)} that covers ${beyond.name} (${beyond.quantity}) of report ${id} with its uncertainty.`,
      );
    }
    const ended = uncovered(dateOf(registered));
    return ended
      ? attested(
          `The accreditation of ${organisation} for ${ended.quantity} ended between the work of report ${id}, ${dateOf(done)}, and its registration on ${dateOf(registered)}.`,
        )
      : holds;
  },
};

/** Whose the device was then: it may have been sold since. */
function isExempt({ issuer, organisation, device, said }: OpenReport): boolean {
  const isMaker = issuer.organisations[0]?.kind === 'OEM';
  return isMaker && (registrantOf(device.id) === organisation || ownerThen(device, said.registered) === organisation);
}

function isCovered(result: Result, { lines }: OpenReport, day: CalendarDate): boolean {
  const applicable = lines
    .map((line) => line.scope)
    .filter(
      ({ quantity, unit, validFrom, validTo }) =>
        quantity === result.quantity &&
        validFrom <= day &&
        day <= validTo &&
        parseUnit(unit)?.dimension === dimensionOf(result),
    );
  const points = siPoints(result);
  return points.length > 0 && points.every((point) => applicable.some((line) => isWithin(line, point)));
}

function isWithin({ unit, min, max, cmc }: Scope, { value, uncertainty }: SiPoint): boolean {
  const { factor, offset } = parseUnit(unit) ?? { factor: NaN, offset: NaN };
  const x = (value - offset) / factor;
  // CMCs are stated as expanded uncertainties with k = 2.
  const isPossible = () =>
    uncertainty === null || isAtLeast((2 * uncertainty) / factor, cmc.absolute + cmc.relative * Math.abs(x));
  return isAtLeast(x, min) && isAtLeast(max, x) && isPossible();
}
