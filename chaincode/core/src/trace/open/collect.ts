import { isUnsound, refusalText, RegistryError } from '../../model/index.js';
import type { CertifiedEntry, StatementKind } from '../../model/index.js';
import { endedIn } from './endedIn.js';
import { flaw } from './key.js';
import type { Key } from './key.js';
import type { Keyring } from './keyrings.js';
import { Order } from './order.js';
import type { Numbered } from './order.js';
import { readStatement } from './statement.js';
import { Succession } from './succession.js';

/** The signer who vouched for the key no longer counts. */
export class VoucherGone extends RegistryError {}

/**
 * The key of an entry. If the signer who vouched for it no longer counts, but the same certificate was vouched for again later, the
 * key is valid from the start because of that later statement.
 */
export async function vouched<K extends Key>(
  entry: CertifiedEntry,
  entries: readonly CertifiedEntry[],
  keyOf: (entry: CertifiedEntry) => Promise<K>,
): Promise<K> {
  try {
    return await keyOf(entry);
  } catch (error) {
    // Others are not looked through: whoever hands out records can add any number of entries that nobody signed.
    const again = error instanceof VoucherGone ? sameLater(entry, entries) : undefined;
    if (!again) {
      throw error;
    }
    const key = await vouched(again, entries, keyOf);
    return { ...key, said: { ...key.said, registered: entry.registered } };
  }
}

function sameLater(entry: CertifiedEntry, entries: readonly CertifiedEntry[]): CertifiedEntry | undefined {
  return entries.slice(entries.indexOf(entry) + 1).find(({ certificate }) => certificate === entry.certificate);
}

/** How the keys that a holder had before end, and which never come back. */
interface Predecessors {
  /** The same holder's keys as the ledger took them in. */
  readonly taken?: Keyring | undefined;
  readonly succession?: Succession;
}

export async function collect<K extends StatementKind>(
  entries: readonly CertifiedEntry[],
  keyOf: (entry: CertifiedEntry) => Promise<Key<K>>,
  { taken, succession = new Succession(taken?.returned) }: Predecessors = {},
): Promise<Keyring<K>> {
  const keys: Key<K>[] = [];
  const returned: Key<K>[] = [];
  const flaws: string[] = [];
  const order = new Order();
  for (const entry of entries) {
    try {
      const key = await keyOf(entry);
      // Of the entry itself: a later statement may vouch for its key, and the keys between come before that.
      requireOrder(order, readStatement(entry.jws));
      if (succession.isReturn(key)) {
        returned.push(key);
      } else {
        succession.take(key);
        keys.push(endedIn(taken?.keys, key));
      }
    } catch (error) {
      if (!isUnsound(error)) {
        throw error;
      }
      flaws.push(refusalText(error));
    }
  }
  return { keys, flaws, returned };
}

function requireOrder(order: Order, statement: Numbered): void {
  if (!order.follows(statement)) {
    throw flaw(
      `Statement ${statement.number} of ${statement.author} about ${statement.subject.id} is not a newer one.`,
    );
  }
  order.take(statement);
}
