import { relates } from './judge/offered.js';
import type { OpenReport } from './open/opened.js';

/** The kinds for which a report is relied on, among those that it gives. */
export type Needed = (given: readonly string[]) => readonly string[];

/**
 * The kinds that a report needs from one of its parents: those that it declares, otherwise the kinds that both give. A parent that
 * gives none of them supports the report in another way, as an influence quantity does: then all kinds of the parent have to hold.
 */
export function reliedOn({ results }: OpenReport, place: number): Needed {
  return (given) => {
    const used = new Set(
      [...results].flatMap(([kind, own]) =>
        own.flatMap(({ support }) => {
          const uses = support?.uses.filter(({ source }) => source === place) ?? [];
          return uses.length > 0 ? uses.map(({ quantity = kind }) => quantity) : [kind];
        }),
      ),
    );
    const shared = given.filter((kind) => used.has(kind) || [...used].some((each) => relates(kind, each)));
    return shared.length > 0 ? shared : given;
  };
}
