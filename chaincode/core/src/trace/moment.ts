import { dateOf } from '../model/index.js';
import type { CalendarDate, Instant } from '../model/index.js';

/**
 * The moment that is asked about. Most rules only need to know whether an instant or a day had come by then: their answers then hold
 * for other moments as well.
 */
export interface Moment {
  readonly asOf: Instant;
  readonly day: CalendarDate;
  /** Whether this instant, or this day, had come. */
  hasReached(time: Instant): boolean;
  /** Whether it is seen from later: revocations whose reason reaches back count, also before they took effect. */
  readonly hindsight: boolean;
}

export function at(asOf: Instant, hindsight = false): Moment {
  return { asOf, day: dateOf(asOf), hasReached: (time) => asOf >= time, hindsight };
}

/** A moment that is known, or the one that is asked about. */
export type When = Instant | Moment;

export function hasReached(when: When, time: Instant): boolean {
  return typeof when === 'string' ? when >= time : when.hasReached(time);
}

export function dayOf(when: When): CalendarDate {
  return typeof when === 'string' ? dateOf(when) : when.day;
}

export function isInHindsight(when: When): boolean {
  return typeof when !== 'string' && when.hindsight;
}
