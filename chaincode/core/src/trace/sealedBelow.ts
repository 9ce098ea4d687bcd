import { isRestated } from './basis.js';
import { resultsName } from './disclosures.js';
import { relates } from './judge/offered.js';
import type { SealedResults, Source } from './judge/sources.js';
import { reliedOn } from './needed.js';
import { answerableFor } from './open/laboratory.js';
import type { OpenReport } from './open/opened.js';

/** Results of one kind of a report, with the parents that they may rest on. */
export interface OnSources {
  readonly report: OpenReport;
  readonly kind: string;
  /** All parents, in the order of the report. */
  readonly sources: readonly Source[];
}

/** The confidential results that a kind of results depends on. */
export interface SealedBelow {
  /** Those that somebody has to have read who judges it, at all levels. */
  readonly needed: readonly SealedResults[];
  /** Those of them that the asker does not see. */
  readonly hidden: readonly SealedResults[];
  /** Whether one of these is its own, or a parent gives it. */
  readonly isNear: boolean;
  /** The kinds that are used of each source. */
  readonly used: readonly (readonly string[])[];
}

/**
 * @param isWhole Whether everything that the parents give may be used: nobody can tell what results rest on that nobody shows.
 */
export function sealedBelow({ report, kind, sources }: OnSources, isWhole = report.closed.has(kind)): SealedBelow {
  const only = { ...report, results: new Map([[kind, report.results.get(kind) ?? []]]) };
  const used = sources.map(({ kinds }, place) => {
    const given = [...kinds.keys()];
    return isWhole ? given : reliedOn(only, place)(given);
  });
  const compared = sources
    .map((source, place) => ({ source, kinds: used[place] ?? [], place }))
    .filter(({ source, place }) => isWhole || isRestated(source) || !isBeside(only, source, place));
  const read = [
    { of: report, kinds: [kind] },
    ...compared.flatMap(({ source: { report: now, before }, kinds }) =>
      [now, before].flatMap((of) => (of ? [{ of, kinds }] : [])),
    ),
  ];
  const near = read.flatMap(({ of, kinds }) => sealedIn(of, kinds));
  const far = compared.flatMap(({ source, kinds }) => kinds.flatMap((each) => source.kinds.get(each)?.sealed ?? []));
  const needed = [
    ...new Map([...near, ...far].map((each) => [resultsName(each.report, each.quantity), each])).values(),
  ];
  return {
    needed,
    hidden: needed.filter(({ isOpen }) => !isOpen),
    isNear: near.some(({ isOpen }) => !isOpen),
    used,
  };
}

/** Whether nothing is compared with what a parent gives, because it is an influence or a check of all results: its status is enough. */
function isBeside({ results }: Pick<OpenReport, 'results'>, { kinds }: Source, place: number): boolean {
  return [...results].every(([kind, own]) =>
    own.every(({ support }) => {
      const uses = support?.uses.filter(({ source }) => source === place) ?? [];
      return uses.length > 0
        ? uses.every(({ role }) => role === 'influence' || role === 'check')
        : support?.method !== 'scaled' && ![...kinds.keys()].some((each) => relates(each, kind));
    }),
  );
}

function sealedIn(
  { id, organisation, said, payload, closed }: OpenReport,
  kinds: readonly string[],
): readonly SealedResults[] {
  return payload.results
    .filter(({ sealed, quantity }) => sealed && kinds.includes(quantity))
    .map(({ quantity, sha256: root }) => ({
      ...{ report: id, quantity, root, organisation, answerable: answerableFor(said.statement) },
      isOpen: !closed.has(quantity),
    }));
}

/** A parent with those of its kinds only that the known results of a report use. */
export function asStated(report: OpenReport, source: Source, place: number): Source {
  const used = reliedOn(report, place)([...source.kinds.keys()]);
  return { ...source, kinds: new Map([...source.kinds].filter(([kind]) => used.includes(kind))) };
}
