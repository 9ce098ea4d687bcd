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
  const { states, stated } = statesOf(report, before);
  const changed = stated !== undefined && { stated, review: review?.digest ?? null };
  return { states, ...changed, isLater, on: basis?.() ?? null };
}

/** Whether a report that counts in place of the named one states anything else than that did. */
export function isRestated({ report, before }: Pick<Source, 'report' | 'before'>): boolean {
  return report !== undefined && before !== undefined && statesOf(report, before).stated !== undefined;
}

/** What a report states, and what the named one stated, if it counts in place of one that stated anything else. */
function statesOf(report: OpenReport, before: OpenReport | undefined) {
  const states = statedBy(report);
  const stated = before && statedBy(before);
  return { states, stated: stated === states ? undefined : stated };
}

/** What others use of a report: its results, of which instrument, when, and the certificates on paper that it describes. */
function statedBy({ payload: { device, performed, adjusted, results, parents } }: OpenReport): string {
  const onPaper = parents.map((parent) => (parent.kind === 'report' ? null : parent));
  return sha256(canonicalJson({ device, performed, adjusted: adjusted ?? false, results, onPaper }));
}
