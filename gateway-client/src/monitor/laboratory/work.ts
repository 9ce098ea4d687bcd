import type { CalendarDate, Result } from '@tracecal/core/model';
import { standardOf } from '../statistics/index.js';

/** A calibration report, as a detector sees it. */
export interface Work {
  readonly report: string;
  readonly laboratory: string;
  readonly technician: string;
  readonly device: string;
  /** Whose device it was. */
  readonly owner: string;
  readonly begin: CalendarDate;
  readonly end: CalendarDate;
  /** Where it was done: in the laboratory, or at the owner's. */
  readonly place: 'laboratory' | 'on-site';
  readonly results: readonly Result[];
}

export const DETECTOR_NAMES = ['throughput', 'copied', 'digits', 'uncertainties', 'places'] as const;
export type DetectorName = (typeof DETECTOR_NAMES)[number];

/** What a detector noticed about a laboratory. It is no proof: somebody has to look. */
export interface Suspicion {
  readonly detector: DetectorName;
  /** Whose work it is: a technician, or the laboratory. */
  readonly about: string;
  /** One sentence. */
  readonly says: string;
  /** Probability that honest work looks like this, before it is multiplied by how often was looked. */
  readonly chance: number;
  /** The reports that somebody should look at, at most {@link MOST_SHOWN}. */
  readonly reports: readonly string[];
}

export const MOST_SHOWN = 20;

/** What is looked for, and how often an honest laboratory may be suspected. */
export interface Suspecting {
  /**
   * False alarms of one detector at one honest laboratory, for one year of its work: 0.02 by default. A detector that looks n times asks
   * for a chance below this divided by n.
   */
  readonly falseAlarms?: number;
}

export const USUAL_FALSE_ALARMS = 0.02;

/** A numeric value of a result, at a place where others can be compared with it. */
export interface Value {
  /** The same for values of the same kind, unit and nominal value, whatever device they are of. */
  readonly at: string;
  readonly error: number;
  /** Standard uncertainty; undefined: none is stated. */
  readonly standard: number | undefined;
}

/** Reading them takes longest of all, and every detector does. */
const read = new WeakMap<readonly Result[], readonly Value[]>();

/** The errors that a report states, with what they are comparable with. As-found results count: they were measured, too. */
export function valuesOf({ results }: Pick<Work, 'results'>): readonly Value[] {
  const known = read.get(results) ?? results.flatMap(valuesIn);
  read.set(results, known);
  return known;
}

function valuesIn({ quantity, unit, rows, asFound }: Result): readonly Value[] {
  return rows.flatMap(({ value, error, at, uncertainty }) => {
    if (value === null || error === undefined) return [];
    const standard = uncertainty ? standardOf(uncertainty) : undefined;
    return [{ at: JSON.stringify([quantity, unit, value, at ?? [], asFound ?? false]), error, standard }];
  });
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
