import { relates } from './judge/asked.js';
import type { OpenReport } from './open/opened.js';

/** Which of the kinds that a report gives it is relied on for. */
export type Needed = (given: readonly string[]) => readonly string[];

/**
 * What a report needs of one of its parents: what it declares that it used; else the kinds that both give. A parent that gives
 * none of these supports it in another way, as an influence quantity does: then all of its own have to hold.
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
