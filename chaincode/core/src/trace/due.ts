import { plusDays } from '../model/index.js';
import type { CalendarDate, ReportBody, Requirements } from '../model/index.js';
import type { Due } from './verdict.js';

/** A calibration is "due soon" this many days before its last day, unless its owner sets another number. */
export const DUE_SOON_DAYS = 30;

/** How long a calibration of one kind of quantity may be relied on, and who decides that. */
export interface IntervalSaid {
  readonly days: number;
  readonly by: 'device' | 'owner' | 'question';
  /** Days of grace that the owner adds. */
  readonly graceDays: number;
}

/** The interval of the device itself, and its owner's requirements. */
export interface IntervalWords {
  readonly ownDays: number | null;
  readonly required: Requirements | undefined;
}

/**
 * The interval of a kind of quantity (undefined: of a report without results): the device's own interval comes first, then the owner's
 * interval for this kind, then the owner's interval for all kinds.
 */
export function intervalSaid({ ownDays, required }: IntervalWords, quantity?: string): IntervalSaid | undefined {
  const days = ownDays ?? (required && (daysByKind(required).get(quantity ?? '') ?? required.intervalDays));
  return days === undefined
    ? undefined
    : { days, by: ownDays === null ? 'owner' : 'device', graceDays: required?.graceDays ?? 0 };
}

/** A map, because an owner may set many intervals and a trace asks for many kinds of many devices. */
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

/** When a calibration is due again, and its state on a day. */
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

/** The calibration that is due first; those without a due date come last. */
export function firstDue(all: readonly Due[]): Due | null {
  return all.reduce<Due | null>((first, each) => (first && dayOf(first) <= dayOf(each) ? first : each), null);
}

function dayOf({ date }: Due): string {
  return date ?? '~';
}
