import type { Entry, Instant, Requirements } from '../../model/index.js';
import { hasReached } from '../moment.js';
import type { When } from '../moment.js';
import type { Opener } from './opener.js';
import { Order } from './order.js';
import { tenureOn } from './ownership.js';
import type { Ownership } from './ownership.js';
import { readable } from './statement.js';

/** An owner's requirements for its devices, valid from their registration until the next ones. */
export interface RequirementsSet {
  readonly owner: string;
  readonly number: number;
  readonly body: Requirements;
  readonly from: Instant;
}

/** An organisation's requirements for its devices, in the order of their numbers. */
export async function requirementsOf(
  opener: Opener,
  owner: string,
  entries: readonly Entry[],
): Promise<readonly RequirementsSet[]> {
  const order = new Order();
  const sets: RequirementsSet[] = [];
  for (const word of readable(entries, await opener.registry(), 'requirements')) {
    const { statement, registered } = word;
    const { author, subject, number, body } = statement;
    const isTheirs = author === owner && subject.id === owner && order.follows(statement);
    if (isTheirs && (await opener.flawsOf(word)).length === 0) {
      order.take(statement);
      sets.push({ owner, number, body, from: registered.date });
    }
  }
  return sets;
}

/**
 * The requirements for a device at a moment: the last ones of its owner at that moment. They count from their registration, and only
 * while the owner owns the device. Requirements of other owners are not read.
 */
export async function requirementsOn(
  opener: Opener,
  device: Pick<Ownership, 'owners' | 'since'>,
  when: When,
): Promise<RequirementsSet | undefined> {
  const tenure = tenureOn(device, when);
  const all = await opener.requirements(device.owners[tenure] ?? '');
  const found = all.findLast(({ from }) => hasReached(when, from));
  const owned = device.since[tenure]?.date ?? '';
  return found && found.from < owned && tenure > 0 ? { ...found, from: owned } : found;
}
