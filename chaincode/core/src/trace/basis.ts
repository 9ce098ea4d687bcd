import { sha256 } from '#platform';
import { canonicalJson } from '../model/index.js';
import type { Source } from './judge/sources.js';
import type { OpenReport } from './open/opened.js';

/**
 * The digest of everything above a report by which its results are judged: what all reports there state, from level to level, and the
 * reviews that carry an amended one. A change of form changes nothing.
 */
export function basisOf(sources: readonly Source[]): string {
  return sha256(canonicalJson(sources.map(footing)));
}

function footing({ parent, report, before, review, isLater, basis }: Source) {
  if (!report) {
    return { named: parent.kind === 'report' ? parent.report : null };
  }
  const states = statedBy(report);
  const stated = before && statedBy(before);
  const isChanged = stated !== undefined && stated !== states;
  return { states, ...(isChanged && { stated, review: review?.digest ?? null }), isLater, on: basis?.() ?? null };
}

/** What others use of a report: its results, of which instrument, when, and the certificates on paper that it describes. */
function statedBy({ payload: { device, performed, adjusted, results, parents } }: OpenReport): string {
  const onPaper = parents.map((parent) => (parent.kind === 'report' ? null : parent));
  return sha256(canonicalJson({ device, performed, adjusted: adjusted ?? false, results, onPaper }));
}
