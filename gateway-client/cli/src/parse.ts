import { CONCLUSIONS } from '@tracecal/core/contracts';
import type { Conclusion } from '@tracecal/core/contracts';
import { dateOf, instantOf, isCalendarDate, isInstant, parseAsOf, REVOCATION_REASONS } from '@tracecal/core/model';
import type { Instant, RevocationReason } from '@tracecal/core/model';
import { placeIn } from '@tracecal/gateway-client';
import type { TraceQuestion } from '@tracecal/gateway-client';
import { secondsIn } from '@tracecal/gateway-client/device';
import { meantKind } from '@tracecal/gateway-client/dcc';
import { InvalidArgumentError } from 'commander';

/** Arguments of commands, from text to what they mean. Each throws commander's error, which names the option. */

/** A moment: a date, an instant, or a span before now (`7d`: a week ago). */
export function asOf(text: string): Instant {
  if (SPAN.test(text)) {
    return instantOf(Date.now() - span(text) * 1000);
  }
  const instant = isCalendarDate(text) ? parseAsOf(text) : instantIn(text);
  if (instant === undefined) {
    throw new InvalidArgumentError(
      'Write a date as year-month-day like 2026-03-01, a moment like 2026-03-01T09:30Z or 2026-03-01T10:30+01:00, or how long ago: 7d.',
    );
  }
  return instant;
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** A moment with its offset from UTC: what people read off a clock is the same moment elsewhere. */
function instantIn(text: string): Instant | undefined {
  if (isInstant(text)) {
    return text;
  }
  const [, day = ''] = MOMENT.exec(text) ?? [];
  return isCalendarDate(day) ? instantOf(Date.parse(text)) : undefined;
}

/** When something takes effect: a date means its beginning. */
export function effectiveFrom(text: string): Instant {
  if (isCalendarDate(text)) {
    return `${text}T00:00:00Z`;
  }
  return asOf(text);
}

export function date(text: string): string {
  if (!isCalendarDate(text)) {
    throw new InvalidArgumentError('Write a date like 2026-03-01.');
  }
  return text;
}

/** The last day of something that begins now. */
export function lastDay(text: string): string {
  const day = date(text);
  const today = dateOf(instantOf(Date.now()));
  if (day < today) {
    throw new InvalidArgumentError(`It is over already: write today, ${today}, or a later day.`);
  }
  return day;
}

export function days(text: string): number {
  return wholeNumber(text, MOST_DAYS, `Write a whole number of days from 1 to ${MOST_DAYS}.`);
}

/** A hundred years. */
const MOST_DAYS = 36_500;

/** Days ahead: `30d`, or `30`. */
export function daysAhead(text: string): number {
  return wholeNumber(text.replace(/d$/, ''), MOST_DAYS, `Write a number of days like 30d, at most ${MOST_DAYS}d.`);
}

/** A number, as measured values are. */
export function finite(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) {
    throw new InvalidArgumentError('Write a number like 21.5.');
  }
  return number;
}

/** A count from 1 to a limit. */
export function upTo(most: number): (text: string) => number {
  return (text) => wholeNumber(text, most, `Write a whole number from 1 to ${most}.`);
}

/** Days, or null for `none`. */
export function daysOrNone(text: string): number | null {
  return text === 'none' ? null : days(text);
}

const SPAN = /^(\d{1,9})([smhd])$/;

/** A span of time in seconds: `90s`, `15m`, `24h`, `7d`. */
export function span(text: string): number {
  const seconds = secondsIn(text);
  if (seconds === undefined) {
    throw new InvalidArgumentError('Write a span of time like 15m, 24h or 7d.');
  }
  return seconds;
}

/** How long something may take, in milliseconds: `5` and `5s` are five seconds. */
export function timeout(text: string): number {
  const seconds = SPAN.test(text) ? span(text) : Number(text);
  if (!/^\d+(?:\.\d+)?[smh]?$/.test(text) || seconds <= 0 || seconds > MOST_SECONDS) {
    throw new InvalidArgumentError('Write seconds like 5, or a span of time like 30s or 2m, at most 24h.');
  }
  return seconds * 1000;
}

const MOST_SECONDS = 86_400;

export function list(text: string): readonly string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  if (entries.some((entry) => entry === '')) {
    throw new InvalidArgumentError('Write words with commas between them.');
  }
  return entries;
}

/** A kind of quantity, by its name or as people call it; one that is not published is written `own:NAME`. */
export function quantity(text: string): string {
  const meant = meantKind(text);
  if ('refusal' in meant) {
    throw new InvalidArgumentError(`${sentenceCase(meant.refusal)}.`);
  }
  return meant.name;
}

/** Kinds of quantity, separated by commas. */
export function quantities(text: string): readonly string[] {
  return list(text).map(quantity);
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where a question is about: `20`, `frequency=50`, `10,frequency=50,range=10 V`. */
export function at(text: string): NonNullable<TraceQuestion['at']> {
  const place = placeIn(text);
  if (place === undefined) {
    throw new InvalidArgumentError(
      'Write one value, arguments as name=value, or both, with commas between them: 10,frequency=50.',
    );
  }
  return place;
}

export function reason(text: string): RevocationReason {
  return oneOf(REVOCATION_REASONS, text);
}

export function conclusion(text: string): Conclusion {
  return oneOf(CONCLUSIONS, text.toUpperCase());
}

/** For options that may be given several times. */
export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((candidate) => candidate === text);
  if (found === undefined) {
    throw new InvalidArgumentError(`Give one of ${known.join(', ')}.`);
  }
  return found;
}

function wholeNumber(text: string, most: number, sentence: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new InvalidArgumentError(sentence);
  }
  return value;
}
