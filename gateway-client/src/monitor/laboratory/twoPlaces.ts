import { plusDays } from '@tracecal/core/model';
import { grouped, MOST_SHOWN } from './work.js';
import type { Suspicion, Work } from './work.js';

/** Longest work of which each day is looked at. */
const MOST_DAYS = 31;

/**
 * Somebody who worked at more places on one day than can be travelled to. One owner's site and the laboratory on one day are possible, and two
 * sites; work of several days counts on its first and last one, on which somebody was certainly there.
 *
 * @param most Places that one person can be at on a day: 2 by default.
 */
export function inTwoPlaces(works: readonly Work[], most = 2): readonly Suspicion[] {
  const presences = works.flatMap((work) => {
    const place = work.place === 'laboratory' ? 'the laboratory' : work.owner;
    const days = plusDays(work.begin, MOST_DAYS) < work.end ? [work.end] : [...new Set([work.begin, work.end])];
    return days.map((day) => ({ day, place, work }));
  });
  const byDay = grouped(presences, ({ day, work }) => `${work.technician} ${day}`);
  return [...byDay.values()].flatMap((day) => {
    const [first] = day;
    const places = [...new Set(day.map(({ place }) => place))];
    if (!first || places.length <= most) return [];
    return [
      {
        detector: 'places' as const,
        about: first.work.technician,
        says: `One person worked in ${places.length} places on ${first.day}: ${places.slice(0, MOST_SHOWN).join(', ')}.`,
        chance: 0,
        reports: [...new Set(day.map(({ work }) => work.report))].slice(0, MOST_SHOWN),
      },
    ];
  });
}
