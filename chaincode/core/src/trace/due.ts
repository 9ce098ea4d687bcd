import { instantOf, millisecondsOf, plusDays } from '../model/index.js';
import type { CalendarDate, Instant, ReportBody, Requirements } from '../model/index.js';
import { hasReached } from './moment.js';
import type { When } from './moment.js';
import type { OpenDevice } from './open/opener.js';
import { changesOfRequirements, requirementsOn } from './open/requirements.js';
import type { Due } from './verdict.js';

/** From how many days before the last one a calibration is due soon, unless its owner says otherwise. */
export const DUE_SOON_DAYS = 30;

/** How long a calibration of one kind of quantity may be relied on, by whose word. */
export interface IntervalSaid {
  readonly days: number;
  readonly by: 'device' | 'owner' | 'question';
  /** How many days longer its owner lets it be relied on. */
  readonly graceDays: number;
}

/** What a device itself has as interval, and what its owner requires. */
export interface IntervalWords {
  readonly ownDays: number | null;
  readonly required: Requirements | undefined;
}

/**
 * The interval of a kind of quantity (undefined: of a report without results): the device's own goes before what its owner requires
 * of all devices, and there an interval of the kind before that of all kinds.
 */
export function intervalSaid({ ownDays, required }: IntervalWords, quantity?: string): IntervalSaid | undefined {
  const days = ownDays ?? (required && (daysByKind(required).get(quantity ?? '') ?? required.intervalDays));
  return days === undefined
    ? undefined
    : { days, by: ownDays === null ? 'owner' : 'device', graceDays: required?.graceDays ?? 0 };
}

/** An owner may set many, and a trace asks about many kinds of many devices. */
function daysByKind(required: Requirements): ReadonlyMap<string, number> {
  const known = byKind.get(required);
  if (known) {
    return known;
  }
  const days = new Map((required.intervals ?? []).map((each) => [each.quantity, each.days]));
  byKind.set(required, days);
  return days;
}

const byKind = new WeakMap<Requirements, ReadonlyMap<string, number>>();

/** By the words that counted at a moment; for what was done before the device was registered, what it was registered with. */
export function wordsOn(
  device: Pick<OpenDevice, 'intervals' | 'owners' | 'since' | 'requirements'>,
  when: When,
): IntervalWords {
  const own = device.intervals.findLast(({ from }) => hasReached(when, from)) ?? device.intervals[0];
  return { ownDays: own?.days ?? null, required: requirementsOn(device, when)?.body };
}

/** The moments within a stretch of time just before the words about a device's intervals changed. */
export function lastMoments(device: OpenDevice, begun: Instant, done: Instant): readonly Instant[] {
  const changes = [...device.intervals.slice(1).map(({ from }) => from), ...changesOfRequirements(device)];
  return [...new Set(changes)].filter((from) => begun < from && from <= done).map(secondBefore);
}

function secondBefore(moment: Instant): Instant {
  return instantOf(millisecondsOf(moment) - 1000);
}

/** When a calibration is due again, and how that stands on a day. */
export function dueOf(
  { performed, recalibrateBy }: Pick<ReportBody, 'performed' | 'recalibrateBy'>,
  said: IntervalSaid | undefined,
  { asOf, soonDays }: { readonly asOf: CalendarDate; readonly soonDays: number },
): Due {
  const date = said ? plusDays(performed.end, said.days) : recalibrateBy;
  if (date === undefined) {
    return { date: null, by: null, state: null };
  }
  const state = date < asOf ? 'overdue' : date <= plusDays(asOf, soonDays) ? 'due-soon' : 'valid';
  const grace = said && said.graceDays > 0 ? { graceUntil: plusDays(date, said.graceDays) } : {};
  return { date, by: said?.by ?? 'certificate', state, ...grace };
}

/** The one of these that is due first; what nobody says when it is due comes last. */
export function firstDue(all: readonly Due[]): Due | null {
  return all.reduce<Due | null>((first, each) => (first && dayOf(first) <= dayOf(each) ? first : each), null);
}

function dayOf({ date }: Due): string {
  return date ?? '~';
}
