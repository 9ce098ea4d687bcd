import type { Key } from './key.js';

/**
 * A holder's keys, one after the other. A key that a newer one has replaced never comes back, whoever vouches for it again, and with
 * whichever certificate: most keys are replaced because somebody else may have them.
 */
export class Succession {
  readonly #before = new Set<string>();
  readonly #returned: readonly Key[];
  #last: string | undefined;

  /**
   * @param returned Of the same holder's keys as the ledger took them in: a newer key replaces one for good, even if nobody vouches
   * for the newer one any more.
   */
  constructor(returned: readonly Key[] = [], first?: Key) {
    this.#returned = returned;
    if (first) {
      this.take(first);
    }
  }

  isReturn({ certificate: { keySha256, sha256 }, said: { registered } }: Key): boolean {
    return (
      (this.#last !== keySha256 && this.#before.has(keySha256)) ||
      this.#returned.some(({ certificate, said }) => said.registered === registered && certificate.sha256 === sha256)
    );
  }

  take({ certificate: { keySha256 } }: Key): void {
    this.#before.add(keySha256);
    this.#last = keySha256;
  }
}

/** Keys without those that came back. */
export function inSuccession<K extends Key>(keys: readonly K[]): readonly K[] {
  const succession = new Succession();
  return keys.filter((key) => {
    const isReturn = succession.isReturn(key);
    if (!isReturn) {
      succession.take(key);
    }
    return !isReturn;
  });
}
