import { accreditationWithin, isMakersOwn, responsible, wasMakersOwn } from '../judge/accreditation.js';
import { judgingPolicy } from '../judge/policy.js';
import { ownerOn } from '../open/ownership.js';
import { holds, useOf } from './check.js';
import type { Check, Link, TraceContext } from './check.js';

/**
 * For a device that a sensor maker only owned, its word is enough as long as it owns the device. Later users would rely on another
 * organisation's word. So lending a device to a maker for its calibration does not replace an accreditation.
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

/** Whether this use of a report does not need an accreditation of the calibrator. */
export function isExempt({ reliant, report }: Link, context: TraceContext): boolean {
  const isOwner = () => ownerOn(report.device, reliant ? useOf(reliant).done : context.moment) === responsible(report);
  return isMakersOwn(report) || (wasMakersOwn(report) && isOwner());
}
