import { keyOf } from '../wire/index.js';
import { keyWritesIn, recordAfter } from './keyWrites.js';
import type { NamespaceReadWriteSet } from './rwset.js';
import { idOf, placeOf, type CommittedState, type NamedKey, type StateRecord } from './state.js';
import type { Version } from './version.js';

/** The new state of one key, public or hashed; without a record it is deleted. */
export interface KeyUpdate extends NamedKey {
  readonly place: Uint8Array;
  readonly version: Version;
  readonly record: StateRecord | undefined;
}

/**
 * The writes so far of a block's valid transactions, on top of the committed state. Names are kept as latin1 strings, because those
 * compare in the same order as their bytes.
 */
export class BlockUpdates {
  readonly #committed: Pick<CommittedState, 'record'>;
  readonly #updates = new Map<string, KeyUpdate>();
  #sorted: readonly KeyUpdate[] | undefined;

  constructor(committed: Pick<CommittedState, 'record'>) {
    this.#committed = committed;
  }

  /** By its very name: two names of one place are two keys until the block is committed. */
  touches(named: NamedKey): boolean {
    return this.#updates.has(idOf(named));
  }

  /** The state that the next transaction of the block finds. */
  current(named: NamedKey): StateRecord | undefined {
    const update = this.#updates.get(idOf(named));
    return update ? update.record : this.#committed.record(placeOf(named));
  }

  /** All updates in the order of their places. */
  sorted(): readonly KeyUpdate[] {
    this.#sorted ??= [...this.#updates.values()]
      .map((update) => [keyOf(update.place), update] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, update]) => update);
    return this.#sorted;
  }

  apply(sets: readonly NamespaceReadWriteSet[], version: Version): void {
    for (const writes of keyWritesIn(sets)) {
      const { namespace, collection, key, place } = writes;
      const after = recordAfter(writes, this.current(writes));
      if (after === 'unchanged') continue;
      const record = after === 'deleted' ? undefined : { version, ...after };
      this.#updates.set(idOf(writes), { namespace, collection, key, place, version, record });
    }
    this.#sorted = undefined;
  }
}
