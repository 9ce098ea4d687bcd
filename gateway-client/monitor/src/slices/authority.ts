import { millisecondsOf } from '@tracecal/core/model';
import { MOST_DAYS, MOST_LINKS, readDelegation } from './delegation.js';
import type { Delegation } from './delegation.js';
import { holderOf } from './keys.js';
import type { Signed, UserKey } from './keys.js';
import type { Account } from './quotas.js';
import { Refusal } from './refusal.js';
import { widerIn } from './slice.js';
import type { Slice } from './slice.js';

/** An officer of an operator, by the monitor's settings: where chains of delegations begin. */
export interface Officer {
  readonly name: string;
  readonly key: UserKey;
  /** The most that the operator's users may do together. */
  readonly slice: Slice;
}

/** Delegations below an officer, from the top down: compact JWS. Without links it is the officer. */
export interface Chain {
  /** The id of the monitor that is asked. */
  readonly monitor: string;
  readonly officer: Officer;
  readonly links: readonly string[];
}

/** Somebody in a chain. */
export interface Holder {
  /** The thumbprint of the key. */
  readonly id: string;
  readonly name: string;
  readonly key: UserKey;
}

/** What somebody may do now. */
export interface Authority {
  readonly slice: Slice;
  readonly holder: Holder;
  /** The digest of the last link; absent for an officer. */
  readonly delegation?: string;
  /** From the officer down to the holder. */
  readonly path: readonly Holder[];
  /** From the operator down to the holder: all are charged for what the holder uses. */
  readonly accounts: readonly Account[];
  /** Milliseconds since 1970; absent for an officer. */
  readonly until?: number;
}

const DAY = 86_400_000;

/**
 * What the last holder of a chain may do: at most as much as each link gives, and as the officer has.
 *
 * @param now - Milliseconds since 1970.
 * @param revoked - Digests of delegations that were revoked: all links below one fall with it.
 * @throws Refusal with the reason: `CHAIN_BROKEN`, `SIGNATURE_INVALID`, `CONTENT_INVALID`, `OTHER_MONITOR`, `WIDER`, `NOT_DELEGATED`, `REVOKED`,
 *   `EXPIRED`, `NOT_YET`, `TOO_LONG`, `TOO_DEEP`
 */
export async function authorityOf(
  { monitor, officer, links }: Chain,
  now: number,
  revoked: ReadonlySet<string> = new Set(),
): Promise<Authority> {
  if (links.length > MOST_LINKS) throw new Refusal('TOO_DEEP');
  let authority = ofOfficer(officer);
  for (const link of links) {
    const signed = await readDelegation(link, authority.holder.key);
    requireFollows(signed.content, authority, monitor);
    if (revoked.has(signed.digest)) throw new Refusal('REVOKED');
    requireTime(signed.content, now);
    authority = below(authority, signed);
  }
  return authority;
}

function ofOfficer({ name, key, slice }: Officer): Authority {
  const holder = { id: holderOf(key), name, key };
  // All officers of an operator share its quota.
  return { slice, holder, path: [holder], accounts: [{ id: slice.operator, ...limitsOf(slice) }] };
}

function below(above: Authority, { content: { slice, to, until }, digest }: Signed<Delegation>): Authority {
  const holder = { id: holderOf(to.key), ...to };
  return {
    slice,
    holder,
    delegation: digest,
    path: [...above.path, holder],
    accounts: [...above.accounts, { id: digest, ...limitsOf(slice) }],
    until: Math.min(millisecondsOf(until), above.until ?? Number.POSITIVE_INFINITY),
  };
}

function limitsOf({ quotas, probeLimits }: Slice): Omit<Account, 'id'> {
  return { quotas, probeLimits };
}

function requireFollows({ monitor, above, slice, until }: Delegation, giver: Authority, expected: string): void {
  if (monitor !== expected) throw new Refusal('OTHER_MONITOR');
  if (above !== (giver.delegation ?? null)) throw new Refusal('CHAIN_BROKEN');
  if (!giver.slice.may.includes('delegate'))
    throw new Refusal('NOT_DELEGATED', 'The giver may not delegate: ask its giver.');
  const wider = widerIn(slice, giver.slice);
  if (wider) throw new Refusal('WIDER', `A delegation gives more ${wider} than its giver has: narrow it.`);
  if (giver.until !== undefined && millisecondsOf(until) > giver.until) {
    throw new Refusal('WIDER', 'A delegation lasts longer than that of its giver: end it earlier.');
  }
}

function requireTime({ from, until }: Delegation, now: number): void {
  const [begin, end] = [millisecondsOf(from), millisecondsOf(until)];
  if (end - begin > MOST_DAYS * DAY) {
    throw new Refusal('TOO_LONG', `A delegation holds for at most ${MOST_DAYS} days: end it earlier.`);
  }
  if (now < begin) throw new Refusal('NOT_YET');
  if (now >= end) throw new Refusal('EXPIRED');
}
