import type { Result } from '../../model/index.js';
import { isFinitePoint, isUsable, siPoints } from '../quantities.js';
import type { SiPoint } from '../quantities.js';
import { unusableKinds, withoutUncertainty } from '../withoutUncertainty.js';
import { failed, holds, missing, note } from './check.js';
import type { Check, OpenReport, Remark } from './check.js';

/**
 * A report gives results and states their uncertainty (VIM 2.41: each link contributes to it). Numbers that become infinite or zero in
 * SI units cannot be compared, so a report may not state them.
 */
export const results: Check = {
  name: 'results',
  about: 'citation',
  examine({ report }) {
    const { id, payload } = report;
    if (payload.results.length === 0) {
      return missing(`Report ${id} gives no results.`);
    }
    const boundless = report.counted.find((result) => !siPoints(result).every(isBounded(result)));
    return boundless
      ? failed(`Report ${id} gives ${boundless.name} with a number that is not finite in SI units.`)
      : [...withUncertainty(report), ...shownInPart(report)];
  },
  told({ report: { counted } }) {
    return counted.map((result) => {
      const points = siPoints(result);
      return `${result.name} (${result.quantity}): ${points.filter(isUsable).length} of ${points.length} rows state a usable uncertainty (VIM 2.41).`;
    });
  },
};

/** Whoever gives a disclosure chooses what it shows. */
function shownInPart({ id, partly }: OpenReport): readonly Remark[] {
  return [...partly].map(([quantity, { shown, size }]) => ({
    outcome: 'note',
    quantity,
    reason: `Report ${id} gives ${quantity} in confidence: ${shown} of at most ${size} results were disclosed, and only these are judged.`,
  }));
}

/** A row without a value is one that the certificate itself leaves open: nothing rests on it, and the other rows count. */
function isBounded({ rows }: Result): (point: SiPoint, place: number) => boolean {
  return (point, place) => rows[place]?.value === null || isFinitePoint(point);
}

function withUncertainty(report: OpenReport): readonly Remark[] {
  const bare = unusableKinds(report.results);
  if (bare.length === 0) {
    return holds;
  }
  const reason = withoutUncertainty(report, bare);
  return bare.length === report.results.size ? missing(reason) : note(reason);
}
