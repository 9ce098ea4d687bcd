import { parseUnit } from '../../model/index.js';
import type { CalendarDate, Result, Scope } from '../../model/index.js';
import { dimensionOf, isLess, isMore, siPoints } from '../quantities.js';
import type { SiPoint } from '../quantities.js';
import { failed, holds } from './check.js';
import type { Check } from './check.js';

export const scope: Check = {
  name: 'scope',
  proves:
    'On the day of calibration the organisation was accredited for the quantity and range, and claims no less than its CMC.',
  about: 'report',
  examine({ parent: { id, payload, issuer } }) {
    const file = issuer.organisations[0];
    // A sensor maker calibrates under its certifier's eye; only NMIs and laboratories claim a scope.
    if (!file || (file.organisation.kind === 'OEM' && file.scopes.length === 0)) {
      return holds;
    }
    const beyond = payload.results.find((result) => !isCovered(result, file.scopes, payload.performed.end));
    return beyond
      ? failed(
          `Organisation ${payload.organisation} had no accreditation on ${payload.performed.end} that covers ${beyond.name} (${beyond.quantity}) of report ${id} with its uncertainty.`,
        )
      : holds;
  },
};

function isCovered(result: Result, scopes: readonly Scope[], day: CalendarDate): boolean {
  const applicable = scopes.filter(
    ({ quantity, unit, validFrom, validTo }) =>
      quantity === result.quantity &&
      validFrom <= day &&
      day <= validTo &&
      parseUnit(unit)?.dimension === dimensionOf(result),
  );
  return siPoints(result).every((point) => applicable.some((line) => covers(line, point)));
}

function covers({ unit, min, max, cmc }: Scope, { value, uncertainty }: SiPoint): boolean {
  const { factor = 1, offset = 0 } = parseUnit(unit) ?? {};
  const x = (value - offset) / factor;
  if (isLess(x, min) || isMore(x, max)) {
    return false;
  }
  // CMCs are stated as expanded uncertainties with k = 2.
  return (
    uncertainty === null || !isLess((2 * uncertainty) / Math.abs(factor), cmc.absolute + cmc.relative * Math.abs(x))
  );
}
