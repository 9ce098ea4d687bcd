import type { OpenReport } from '../open/opened.js';
import { calibrationsOf } from '../open/ownership.js';
import type { Decision } from '../open/ownership.js';
import type { Said } from '../open/statement.js';
import type { Finding } from '../verdict.js';
import type { Doubt } from './doubt.js';
import { reviewed } from './reviewed.js';

/** A calibration that found a standard out of its limits for a kind of quantity. */
export interface FoundOut {
  readonly quantity: string;
  readonly found: Decision;
  /** Calibrations between the use of the standard and this one, oldest first: one that found it within its limits ends the doubt. */
  readonly before: readonly Decision[];
}

/** For each kind of quantity, the first accepted calibration after the use of a standard that found it out of its limits. */
export function foundOutOfLimits(
  { payload: { performed } }: OpenReport,
  { device, payload: { performed: own } }: OpenReport,
  needed: readonly string[],
): readonly FoundOut[] {
  const later = calibrationsOf(device).filter((each) => each.performed > own.end && each.performed >= performed.end);
  return needed.flatMap((quantity) => {
    const telling = later.filter(({ results }) => results.some((each) => each.quantity === quantity));
    const place = telling.findIndex(({ results }) =>
      results.some((each) => each.quantity === quantity && each.foundOutOfLimits),
    );
    const found = telling[place];
    return found ? [{ quantity, found, before: telling.slice(0, place) }] : [];
  });
}

/** The finding about work that was done with the standard. */
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

/** By itself this makes nothing FAILED: only an out-of-tolerance revocation does. */
export function asFound({ reason }: Doubt): Finding {
  return { check: 'as-found', outcome: 'note', reason };
}
