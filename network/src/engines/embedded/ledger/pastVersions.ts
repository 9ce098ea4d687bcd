import { keyOf, NO_BYTES } from '@tracecal/ledger/wire';
import { everything, versionKey } from './keys.js';
import type { Store, Write } from './store.js';

/**
 * The versions that a channel's chaincodes have had. In Fabric the peers that endorse read the sequence of the definition, so that a
 * transaction conflicts if the definition changes before it is committed. This network keeps its definitions outside the channel, where
 * nothing can be read: here it is known by the version that executed it.
 */
export class PastVersions {
  readonly #known: Set<string>;
  readonly #unwritten = new Map<string, Uint8Array>();

  private constructor(known: Set<string>) {
    this.#known = known;
  }

  static async load(store: Store): Promise<PastVersions> {
    const known = new Set<string>();
    for await (const [key] of store.scan(everything('v'))) known.add(keyOf(key));
    return new PastVersions(known);
  }

  /** The version that executes from now on. */
  note(chaincode: string, version: string): void {
    const key = versionKey(chaincode, version);
    const name = keyOf(key);
    if (!this.#known.has(name)) this.#unwritten.set(name, key);
    this.#known.add(name);
  }

  has(chaincode: string, version: string): boolean {
    return this.#known.has(keyOf(versionKey(chaincode, version)));
  }

  /** To write with the next block: before it nothing was committed under these versions. Most blocks bring none. */
  writes(): Write[] {
    return [...this.#unwritten.values()].map((key) => ({ key, value: NO_BYTES }));
  }

  /** Those that a block brought: another one may have been noted since. */
  written(writes: readonly Write[]): void {
    for (const { key } of this.#unwritten.size > 0 ? writes : []) this.#unwritten.delete(keyOf(key));
  }
}
