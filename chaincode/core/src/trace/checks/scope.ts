import { accreditationWithin, isMakersOwn, responsible, wasMakersOwn } from '../judge/accreditation.js';
import { judgingPolicy } from '../judge/policy.js';
import { ownerOn } from '../open/ownership.js';
import { holds, useOf } from './check.js';
import type { Check, Link, OpenReport, Remark, TraceContext } from './check.js';

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
      : [
          ...accreditationWithin(link.report, link.report.counted, { budget, policy: judgingPolicy(policy) }),
          ...unseen(link.report),
        ];
  },
};

/** Those who vouch for a maker's results judge them as the maker's own. */
function unseen(report: OpenReport): readonly Remark[] {
  return [...report.closed].map((quantity) => ({
    outcome: 'missing',
    quantity,
    reason: `Report ${report.id} gives ${quantity} in confidence, and ${responsible(report)} calibrated a device that it only owned then: whether an accreditation covers that for others cannot be told.`,
  }));
}

/** Whether this use of a report does not need an accreditation of the calibrator. */
export function isExempt({ reliant, report }: Link, context: TraceContext): boolean {
  const isOwner = () => ownerOn(report.device, reliant ? useOf(reliant).done : context.moment) === responsible(report);
  return isMakersOwn(report) || (wasMakersOwn(report) && isOwner());
}
