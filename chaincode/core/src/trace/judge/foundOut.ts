import type { OpenReport } from '../open/opener.js';
import type { Decision } from '../open/ownership.js';
import type { Said } from '../open/statement.js';
import type { Finding } from '../verdict.js';
import type { Doubt } from './doubt.js';
import { reviewed } from './reviewed.js';

/**
 * The first calibration of a standard after it was used, of those that its owner accepted, if that found it out of its limits: as
 * it was amended, not as it was reported first. What was found by a later one is about what came between.
 */
export function foundOutOfLimits(
  { payload: { performed } }: OpenReport,
  { device, payload: { performed: own } }: OpenReport,
  needed: readonly string[],
): Decision | undefined {
  const accepted = device.decisions.filter(({ accepts }) => accepts);
  const amended = new Set(accepted.map(({ supersedes }) => supersedes));
  const next = accepted
    .filter(
      (each) =>
        !amended.has(each.report) &&
        each.performed > own.end &&
        each.performed >= performed.end &&
        each.results.some(({ quantity }) => needed.includes(quantity)),
    )
    .sort((a, b) => (a.performed < b.performed ? -1 : a.performed > b.performed ? 1 : 0))[0];
  const isOut = next?.results.some(({ quantity, foundOutOfLimits: out }) => out && needed.includes(quantity));
  return isOut ? next : undefined;
}

/** What that means for what was made with the standard. */
export function doubtOf(
  reliant: OpenReport,
  { device }: OpenReport,
  found: Decision,
  review: Said<'review'> | undefined,
): Doubt {
  const then = review
    ? reviewed(review)
    : `${reliant.organisation} has to review it (\`tracecal review\`; ISO/IEC 17025, 7.10).`;
  return {
    report: reliant.id,
    cause: found.report,
    isReviewed: review !== undefined,
    reason: `Report ${found.report} of ${found.performed} found standard ${device.id} out of its limits, after it had been used for report ${reliant.id}: ${then}`,
  };
}

/** It fails nothing by itself: only an out-of-tolerance revocation does. */
export function asFound({ reason }: Doubt): Finding {
  return { check: 'as-found', outcome: 'note', reason };
}
