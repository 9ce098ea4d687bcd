import { dateOf } from '../model/index.js';
import type { CalendarDate, Instant } from '../model/index.js';

/**
 * The moment that is asked about. Mostly it is enough to know whether something had come by then, or which day it is: what
 * follows from that holds for other moments, too.
 */
export interface Moment {
  readonly asOf: Instant;
  readonly day: CalendarDate;
  /** Whether an instant had come, or a day. */
  hasReached(time: Instant): boolean;
}

export function at(asOf: Instant): Moment {
  return { asOf, day: dateOf(asOf), hasReached: (time) => asOf >= time };
}

/** A moment that is known, or the one that is asked about. */
export type When = Instant | Moment;

export function hasReached(when: When, time: Instant): boolean {
  return typeof when === 'string' ? when >= time : when.hasReached(time);
}

export function dayOf(when: When): CalendarDate {
  return typeof when === 'string' ? dateOf(when) : when.day;
}
