import { meanOf, tailOfPoisson } from '../statistics/index.js';
import { grouped, MOST_SHOWN, USUAL_FALSE_ALARMS } from './work.js';
import type { Suspecting, Suspicion, Work } from './work.js';

export interface Throughput extends Suspecting {
  /**
   * Reports that one person can finish on a busy day, for this kind of work: the largest mean that is believed. Absent: three times the mean
   * of all technicians in the reference.
   */
  readonly busyDay?: number;
}

/** Days on which somebody signed more reports than a person can do the work for. */
export function tooMuchWork(
  works: readonly Work[],
  reference: readonly Work[],
  { falseAlarms = USUAL_FALSE_ALARMS, busyDay }: Throughput = {},
): readonly Suspicion[] {
  const days = [...daysOf(works).values()];
  const usual = [...daysOf(reference).values()].map(({ length }) => length);
  const most = busyDay ?? 3 * (usual.length > 0 ? meanOf(usual) : 1);
  return days.flatMap((day) => {
    const [first] = day;
    const chance = tailOfPoisson(day.length, most);
    if (!first || chance * days.length > falseAlarms) return [];
    return [
      {
        detector: 'throughput' as const,
        about: first.technician,
        says: `${day.length} reports of ${first.end} are signed by one person, where ${most.toFixed(1)} would be a busy day.`,
        chance,
        reports: day.slice(0, MOST_SHOWN).map(({ report }) => report),
      },
    ];
  });
}

/** Reports of each technician and day on which the work ended. */
function daysOf(works: readonly Work[]): ReadonlyMap<string, readonly Work[]> {
  return grouped(works, ({ technician, end }) => `${technician} ${end}`);
}
