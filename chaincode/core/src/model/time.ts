import { RegistryError } from './errors.js';

/** A UTC instant to the second: `2026-03-01T09:30:00Z`. Text order is time order. */
export type Instant = string;
/** A calendar date: `2026-03-01`. Text order is time order. */
export type CalendarDate = string;

/** The form of a date, which need not exist. */
export const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** The form of an instant, which need not exist. */
export const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** How far the time of a transaction, which its client chooses, may differ from the peer's. */
export const TIME_WINDOW_MS = 15 * 60 * SECOND;

/** Whether the text is a date that exists (`2026-02-30` does not). */
export function isCalendarDate(text: string): boolean {
  return DATE.test(text) && instantOf(Date.parse(`${text}T00:00:00Z`)).startsWith(text);
}

/** Whether the text is an instant that exists. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text) && instantOf(Date.parse(text)) === text;
}

/** Milliseconds since 1970 as an instant; fractions of a second are dropped. Empty for an invalid time. */
export function instantOf(milliseconds: number): Instant {
  return Number.isFinite(milliseconds) && Math.abs(milliseconds) < 8.64e15
    ? `${new Date(Math.floor(milliseconds / SECOND) * SECOND).toISOString().slice(0, 19)}Z`
    : '';
}

export function millisecondsOf(instant: Instant): number {
  return Date.parse(instant);
}

export function dateOf(instant: Instant): CalendarDate {
  return instant.slice(0, 10);
}

/**
 * An as-of argument: an instant, or a date, which means the end of that day in UTC.
 * @throws RegistryError `TIME_INVALID`
 */
export function parseAsOf(text: string): Instant {
  if (isCalendarDate(text)) {
    return `${text}T23:59:59Z`;
  }
  if (isInstant(text)) {
    return text;
  }
  throw new RegistryError(
    'TIME_INVALID',
    `"${text.slice(0, 40)}" is no date or UTC instant; write 2026-03-01 or 2026-03-01T09:30:00Z.`,
  );
}

/** When a date begins on the easternmost clocks, which are 14 hours ahead of UTC. Nobody can have worked on it before. */
export function earliestMomentOf(date: CalendarDate): Instant {
  return `${plusDays(date, -1)}T10:00:00Z`;
}

/** The date `days` after another. */
export function plusDays(date: CalendarDate, days: number): CalendarDate {
  return dateOf(instantOf(Date.parse(`${date}T00:00:00Z`) + days * DAY));
}
