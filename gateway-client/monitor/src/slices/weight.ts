/** What became of the observations of somebody, and of those below: how many cases were confirmed, and how many refuted. */
export interface Record {
  readonly confirmed: number;
  readonly refuted: number;
}

export const NO_RECORD: Record = { confirmed: 0, refuted: 0 };

/** A beta distribution before anything is known: of four observations by somebody unknown, one would be confirmed. */
const PRIOR = { confirmed: 1, refuted: 3 };

/** How likely an observation of somebody is to be confirmed, from what became of earlier ones: the mean of a beta distribution. */
export function weightOf({ confirmed, refuted }: Record): number {
  const of = confirmed + PRIOR.confirmed;
  return of / (of + refuted + PRIOR.refuted);
}

/** Who filed an observation: from somebody to whom an officer delegated, down to the one who signed. Empty: an officer. */
export type Filed = readonly string[];

/**
 * How much observations of one device weigh together, from 0 to 1. Whoever delegates shares their weight with all below: many users weigh as
 * much as the one who made them. One user weighs once, however often they write.
 */
export function supportOf(filed: readonly Filed[], recordOf: (holder: string) => Record): number {
  return Math.min(1, sharesOf(filed, recordOf));
}

function sharesOf(filed: readonly Filed[], recordOf: (holder: string) => Record): number {
  const below = new Map<string, Filed[]>();
  for (const [first, ...rest] of filed) {
    // An officer decides for the operator anyway.
    if (first === undefined) return 1;
    below.set(first, [...(below.get(first) ?? []), rest]);
  }
  let sum = 0;
  for (const [holder, paths] of below) sum += Math.min(weightOf(recordOf(holder)), sharesOf(paths, recordOf));
  return sum;
}
