import { accreditationWithin, isMakersOwn, responsible, wasMakersOwn } from '../judge/accreditation.js';
import { judgingPolicy } from '../judge/policy.js';
import { ownerOn } from '../open/ownership.js';
import { holds, useOf } from './check.js';
import type { Check, Link, TraceContext } from './check.js';

/**
 * What a sensor maker only owned, its word is enough for as long as it owns it: whoever uses the device afterwards relies on
 * somebody else's, and lending a device to a maker for its calibration is no way around an accreditation.
 */
export const scopeOfUse: Check = {
  name: 'scope',
  about: 'citation',
  examine(link, context) {
    const { budget, policy } = context;
    return !wasMakersOwn(link.report) || isExempt(link, context)
      ? holds
      : accreditationWithin(link.report, link.report.counted, { budget, policy: judgingPolicy(policy) });
  },
};

/** Whether a use of a report needs no accreditation of whoever calibrated. */
export function isExempt({ reliant, report }: Link, context: TraceContext): boolean {
  const isOwner = () => ownerOn(report.device, reliant ? useOf(reliant).done : context.moment) === responsible(report);
  return isMakersOwn(report) || (wasMakersOwn(report) && isOwner());
}
