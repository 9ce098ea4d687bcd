import { parseUnit } from '../../model/index.js';
import type { CalendarDate, Device, OrganisationFile, Result, Scope } from '../../model/index.js';
import { dimensionOf, isAtLeast, siPoints } from '../quantities.js';
import type { SiPoint } from '../quantities.js';
import { failed, holds, missing } from './check.js';
import type { Check } from './check.js';

/**
 * On the day of calibration the organisation was accredited for the quantity and range, and claims no less than its CMC.
 * National institutes and laboratories need a scope. A sensor maker needs none for its sensors and, as ISO 10012 has it,
 * for its own working standards: it calibrates those under its certifier's eye. Anybody else's standards it does not.
 */
export const scope: Check = {
  name: 'scope',
  about: 'report',
  examine({ report: { id, payload, issuer, file } }) {
    const organisation = issuer.organisations[0];
    if (!organisation || isExempt(organisation, file.device)) {
      return holds;
    }
    if (payload.results.length === 0) {
      return missing(`Report ${id} gives no results that the accreditation of ${payload.organisation} could cover.`);
    }
    const beyond = payload.results.find((result) => !isCovered(result, organisation.scopes, payload.performed.end));
    return beyond
      ? failed(
          `Organisation ${payload.organisation} had no accreditation on ${payload.performed.end} that covers ${beyond.name} (${beyond.quantity}) of report ${id} with its uncertainty.`,
        )
      : holds;
  },
};

function isExempt({ organisation, scopes }: OrganisationFile, { kind, owner }: Device): boolean {
  return organisation.kind === 'OEM' && scopes.length === 0 && (kind === 'field' || owner === organisation.id);
}

function isCovered(result: Result, scopes: readonly Scope[], day: CalendarDate): boolean {
  const applicable = scopes.filter(
    ({ quantity, unit, validFrom, validTo }) =>
      quantity === result.quantity &&
      validFrom <= day &&
      day <= validTo &&
      parseUnit(unit)?.dimension === dimensionOf(result),
  );
  return siPoints(result).every((point) => applicable.some((line) => isWithin(line, point)));
}

function isWithin({ unit, min, max, cmc }: Scope, { value, uncertainty }: SiPoint): boolean {
  const { factor, offset } = parseUnit(unit) ?? { factor: NaN, offset: NaN };
  const x = (value - offset) / factor;
  // CMCs are stated as expanded uncertainties with k = 2.
  const isPossible = () =>
    uncertainty === null || isAtLeast((2 * uncertainty) / factor, cmc.absolute + cmc.relative * Math.abs(x));
  return isAtLeast(x, min) && isAtLeast(max, x) && isPossible();
}
