import { signDelegation, userKeyOf } from '@tracecal/monitor';
import type { Delegation, Officer, Slice, UserKey } from '@tracecal/monitor';
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { testKey } from '../testKey.js';
import { sliceOf } from './site.js';

export const MONITOR = 'monitor-1';

/** Somebody with a key. */
export interface User {
  readonly name: string;
  readonly key: KeyObject;
  readonly publicKey: UserKey;
}

export function userOf(name: string, isEd25519 = false): User {
  const key = isEd25519 ? generateKeyPairSync('ed25519').privateKey : testKey(name);
  return { name, key, publicKey: userKeyOf(key) };
}

export function officerOf(user: User, slice: Slice = sliceOf()): Officer {
  return { name: user.name, key: user.publicKey, slice };
}

let made = 0;

export function delegationTo(to: User, given: Partial<Delegation> = {}): Delegation {
  made += 1;
  return {
    monitor: MONITOR,
    above: null,
    nonce: String(made).padStart(16, '0'),
    to: { name: to.name, key: to.publicKey },
    slice: sliceOf(),
    from: '2026-03-01T00:00:00Z',
    until: '2026-03-08T00:00:00Z',
    ...given,
  };
}

/** The links of a chain: each step gives to a user, signed by the one before. */
export async function linksOf(
  officer: User,
  steps: readonly { readonly to: User; readonly given?: Partial<Delegation> }[],
): Promise<readonly string[]> {
  const links: string[] = [];
  let [giver, above]: [User, string | null] = [officer, null];
  for (const { to, given } of steps) {
    const link = await signDelegation(delegationTo(to, { above, ...given }), giver.key);
    links.push(link);
    [giver, above] = [to, digestOf(link)];
  }
  return links;
}

/** The digest of what a compact JWS is over. */
export function digestOf(jws: string): string {
  return createHash('sha256')
    .update(Buffer.from(jws.split('.')[1]!, 'base64url'))
    .digest('hex');
}
