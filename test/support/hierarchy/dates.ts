import { dateOf, instantOf, plusDays } from '@tracecal/core/model';
import type { CalendarDate, Instant } from '@tracecal/core/model';
import { AS_OF, FOUNDED, OBJECTED, ROOT_DAY, SEALED } from './samples.js';

/** When things happen in a hierarchy unless a test says otherwise. */
export interface Dates {
  /** Everything is registered. */
  readonly founded: Instant;
  /** The first reports are made. */
  readonly rootDay: CalendarDate;
  /** Things are said against others. */
  readonly objected: Instant;
  /** The institutes seal an epoch and sign it. */
  readonly sealed: Instant;
  /** The moment that traces ask about. */
  readonly asOf: Instant;
}

/** Of a hierarchy in memory. */
export const FIXED_DATES: Dates = {
  founded: FOUNDED,
  rootDay: ROOT_DAY,
  objected: OBJECTED,
  sealed: SEALED,
  asOf: AS_OF,
};

const MINUTE_MS = 60_000;
/** Not so long ago that the reports would be transcriptions. */
const DAYS_OF_WORK = 60;

/** Of a hierarchy that is submitted to a running network, which dates by itself what it takes in. */
export function presentDates(): Dates {
  const now = Date.now();
  const founded = instantOf(now);
  return {
    founded,
    rootDay: plusDays(dateOf(founded), -DAYS_OF_WORK),
    objected: founded,
    sealed: instantOf(now + 3 * MINUTE_MS),
    asOf: instantOf(now + 10 * MINUTE_MS),
  };
}
