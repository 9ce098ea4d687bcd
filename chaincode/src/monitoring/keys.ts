import type { Subject } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { key } from '@tracecal/core/registry';

/** Every key of a monitoring compartment's state. */
export const keys = {
  /** Assessment. */
  assessment: (time: Instant, txId: string) => key('assessment', time, txId),
  /** The first assessment at this moment or later. */
  assessmentFrom: (time: Instant) => key('assessment', time),
  assessments: () => key('assessment'),
  /** RecordedFinding, by its id. */
  finding: (id: string) => key('finding', id),
  /** The id of a finding that a transaction recorded. Text order is time order, then the order of the request. */
  found: (time: Instant, txId: string, place: number) => key('found', time, txId, placeText(place)),
  foundFrom: (time: Instant) => key('found', time),
  allFound: () => key('found'),
  /** The same, by subject. */
  foundAbout: ({ kind, id }: Subject, time: Instant, txId: string, place: number) =>
    key('found-about', kind, id, time, txId, placeText(place)),
  foundAboutFrom: ({ kind, id }: Subject, time: Instant) => key('found-about', kind, id, time),
  allFoundAbout: ({ kind, id }: Subject) => key('found-about', kind, id),
} as const;

function placeText(place: number): string {
  return String(place).padStart(3, '0');
}
