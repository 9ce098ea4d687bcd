import type { Requirements } from '@tracecal/core/model';
import { newStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { sign } from './sign.js';

/** Requirements to change: null removes one; absent ones stay as they are. */
export type RequirementsChange = {
  readonly [Name in Exclude<keyof Requirements, 'intervals' | 'intervalDays'>]?: Requirements[Name] | null;
} & {
  /** Days by kind of quantity; '' is all other kinds. */
  readonly days: ReadonlyMap<string, number | null>;
};

/** What an owner requires after a change. */
export function changedRequirements(before: Requirements, { days, ...change }: RequirementsChange): Requirements {
  const { intervals = [], intervalDays = null } = before;
  const byKind = new Map<string, number | null>(intervals.map((each) => [each.quantity, each.days]));
  days.forEach((each, quantity) => byKind.set(quantity, each));
  const all = byKind.get('') === undefined ? intervalDays : (byKind.get('') ?? null);
  const kinds = [...byKind]
    .flatMap(([quantity, each]) => (quantity === '' || each === null ? [] : [{ quantity, days: each }]))
    .sort((one, other) => (one.quantity < other.quantity ? -1 : 1));
  const merged = { ...before, ...change, intervalDays: all, intervals: kinds.length > 0 ? kinds : null };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** Signs what an owner requires of its devices from now on. */
export async function requirementsItem(session: Session, owner: string, body: Requirements): Promise<Item> {
  const subject = { kind: 'organisation', id: owner } as const;
  const statement = newStatement('requirements', {
    registry: await session.registry(),
    author: owner,
    number: await (await session.reader()).nextNumber(owner, subject),
    subject,
    body,
  });
  return { statement: await sign(session, statement) };
}

/**
 * Never sign as an owner that the user did not name.
 * @throws ApplicationError `USAGE`
 */
export function ownerNamed(as: string | undefined): string {
  if (as === undefined) {
    throw new ApplicationError('USAGE', 'Say with --as which owner requires it.');
  }
  return as;
}
