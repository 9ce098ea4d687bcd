import { setTimeout as pause } from 'node:timers/promises';
import { instantOf, isKind } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { Announced, Item, Items, TraceCal } from '@tracecal/gateway-client';
import { eventually } from './eventually.js';
import { later, readSigned } from './hierarchy.js';
import type { Hierarchy, Submission } from './hierarchy.js';

/** How long members' peers may be apart, and a busy machine may take to answer. */
const PATIENCE_MS = 180_000;
/** How long an epoch lasts at least. */
const EPOCH_SECONDS = 60;
/** How far ahead of a peer's clock a seal may be dated, less what a call takes. */
const CLOCKS_DIFFER_MS = 55_000;

/** The methods of the SDK that register statements. */
type Registering = {
  readonly [Name in keyof TraceCal]: TraceCal[Name] extends (items: Items) => ReturnType<TraceCal['revoke']>
    ? Name
    : never;
}[keyof TraceCal];

/** Registers items through the SDK, by the name of the transaction that takes them. */
export function submit(member: TraceCal, transaction: string, items: Items): Promise<Announced> {
  return member[transaction as Registering](items);
}

/** Submits to a running registry, in order, what a hierarchy lists; `as` is an organisation's connection. */
export async function submitAll(
  hierarchy: Hierarchy,
  submissions: readonly Submission[],
  as: (organisation: string) => TraceCal | Promise<TraceCal>,
): Promise<void> {
  for (const submission of submissions) {
    const member = await as(submission.by);
    // Another member's peer may be a block behind the one that told of the last commit.
    await eventually(async () => {
      await submit(member, submission.transaction, await presentItem(hierarchy, submission.item, member));
    }, PATIENCE_MS);
  }
}

/** A moment not before what a registry took in last: epochs may be opened a little ahead. */
export async function momentOf(member: TraceCal): Promise<Instant> {
  const { opened } = await member.getEpoch();
  const now = instantOf(Date.now());
  return opened > now ? opened : now;
}

/** When the open epoch may be sealed, at the earliest; waits until that lies no further ahead than clocks may differ. */
export async function sealDate(member: TraceCal): Promise<Instant> {
  const { opened } = await member.getEpoch();
  const earliest = later(opened, EPOCH_SECONDS);
  await pause(Math.max(0, Date.parse(earliest) - Date.now() - CLOCKS_DIFFER_MS));
  const now = instantOf(Date.now());
  return earliest > now ? earliest : now;
}

/** A seal or heartbeat signed anew: only the ledger knows when its epoch was opened, and what stands in it. */
export async function presentItem(hierarchy: Hierarchy, item: Item, member: TraceCal): Promise<Item> {
  const statement = readSigned(item.statement);
  if (isKind(statement, 'seal')) {
    return { statement: hierarchy.changed(item.statement, { date: await sealDate(member) }) };
  }
  if (isKind(statement, 'heartbeat')) {
    const { digest } = await member.getEpochDigest(statement.number);
    const { opened } = await member.getEpoch();
    return { statement: hierarchy.changed(item.statement, { date: opened, body: { digest } }) };
  }
  return item;
}
