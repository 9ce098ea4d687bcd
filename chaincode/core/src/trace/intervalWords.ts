import { instantOf, millisecondsOf } from '../model/index.js';
import type { Instant } from '../model/index.js';
import { intervalSaid } from './due.js';
import type { IntervalSaid } from './due.js';
import { hasReached } from './moment.js';
import type { When } from './moment.js';
import type { OpenDevice } from './open/opened.js';
import type { Opener } from './open/opener.js';
import { ownerOn } from './open/ownership.js';
import { requirementsOn } from './open/requirements.js';
import type { RequirementsSet } from './open/requirements.js';

/**
 * Limit of owners whose statements about an interval are read for one use of a device. A device has no more owners during one
 * calibration.
 */
export const MAX_OWNERS_IN_USE = 8;

/** What counted for a device's interval at a moment. */
export interface WordsThen {
  readonly moment: When;
  readonly ownDays: number | null;
  readonly required: RequirementsSet | undefined;
}

/** What counted for a device's interval while something relied on it. */
export interface WordsInUse {
  /** At the end of that time. */
  readonly then: WordsThen;
  /** Just before each change; undefined if the device had too many owners. */
  readonly meanwhile: readonly WordsThen[] | undefined;
}

/** From the statements that counted at a moment; before the registration of the device, from the registration. */
export function saidBy({ ownDays, required }: WordsThen, quantity: string | undefined): IntervalSaid | undefined {
  return intervalSaid({ ownDays, required: required?.body }, quantity);
}

export async function wordsOn(opener: Opener, device: OpenDevice, moment: When): Promise<WordsThen> {
  return { moment, ownDays: ownDaysOn(device, moment), required: await requirementsOn(opener, device, moment) };
}

/** The interval that a device itself has at a moment, as its owner or its registration set it. */
function ownDaysOn({ intervals }: Pick<OpenDevice, 'intervals'>, when: When): number | null {
  return (intervals.findLast(({ from }) => hasReached(when, from)) ?? intervals[0])?.days ?? null;
}

/** Reads only the statements of those who owned the device then, however often it was sold before or since. */
export async function wordsInUse(
  opener: Opener,
  device: OpenDevice,
  { begun, done }: { readonly begun: Instant; readonly done: Instant },
): Promise<WordsInUse> {
  const within = (moments: readonly Instant[]) => moments.filter((from) => begun < from && from <= done);
  const sold = within(device.since.map(({ date }) => date));
  const owners = new Set([...sold.map(secondBefore), done].map((moment) => ownerOn(device, moment)));
  const then = await wordsOn(opener, device, done);
  if (owners.size > MAX_OWNERS_IN_USE) {
    return { then, meanwhile: undefined };
  }
  const changes = new Set([...within(device.intervals.slice(1).map(({ from }) => from)), ...sold]);
  for (const owner of owners) {
    within((await opener.requirements(owner ?? '')).map(({ from }) => from)).forEach((from) => changes.add(from));
  }
  const meanwhile: WordsThen[] = [];
  for (const moment of [...changes].sort().map(secondBefore)) {
    meanwhile.push(await wordsOn(opener, device, moment));
  }
  return { then, meanwhile };
}

function secondBefore(moment: Instant): Instant {
  return instantOf(millisecondsOf(moment) - 1000);
}
