import { precedes } from '../../model/index.js';
import type { Registered } from '../../model/index.js';
import type { Key } from './key.js';

/** A key until the next one of those that the ledger took in. */
export function endedIn<K extends Key>(taken: readonly Key[] | undefined, key: K): K {
  if (!taken) {
    return key;
  }
  const ends = endings.get(taken) ?? endingsOf(taken);
  endings.set(taken, ends);
  return { ...key, until: ends.get(key.said.registered)?.get(key.certificate.sha256) };
}

/** By registration and certificate. */
type Endings = ReadonlyMap<Registered, ReadonlyMap<string, Registered | undefined>>;

const endings = new WeakMap<readonly Key[], Endings>();

/** When the earliest of the keys after each key was registered, of all in one pass. */
function endingsOf(taken: readonly Key[]): Endings {
  const ends = new Map<Registered, Map<string, Registered | undefined>>();
  let next: Registered | undefined;
  for (const { certificate, said } of taken.toReversed()) {
    const { registered } = said;
    const beside = ends.get(registered) ?? new Map<string, Registered | undefined>();
    ends.set(registered, beside.set(certificate.sha256, next));
    next = next && !precedes(registered, next) ? next : registered;
  }
  return ends;
}
