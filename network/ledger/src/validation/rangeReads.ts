import { sha256 } from '../crypto/index.js';
import { QueryReads, type KvRead, type QueryReadsMerkleSummary } from '../wire/index.js';
import { toMessage, type Version } from './version.js';

/** Fabric's limit: longer results are recorded as the top of a hash tree, to keep the read set small. */
const MAX_DEGREE = 50;

export function readOf(key: string, version: Version | undefined): KvRead {
  return { key, version: toMessage(version) };
}

/** Collects the results of a range query, as raw reads or, beyond `maxDegree` results, as hashes of them. */
export class RangeReads {
  readonly #maxDegree: number;
  #pending: KvRead[] = [];
  /** Hashes waiting at each level; leaves are level 1. */
  readonly #levels = new Map<number, Uint8Array[]>();
  #top = 1;

  constructor(maxDegree = MAX_DEGREE) {
    this.#maxDegree = maxDegree;
  }

  add(key: string, version: Version): void {
    this.#pending.push(readOf(key, version));
    if (this.#pending.length > this.#maxDegree) {
      this.#hashPending();
    }
  }

  /** The reads themselves, or the summary if there were too many. Ends the collection. */
  finish(): { readonly reads: readonly KvRead[] } | { readonly summary: QueryReadsMerkleSummary } {
    if (this.#levels.size === 0) {
      return { reads: this.#pending };
    }
    if (this.#pending.length > 0) {
      this.#hashPending();
    }
    this.#completeTree();
    return { summary: { maxDegree: this.#maxDegree, maxLevel: this.#top, maxLevelHashes: this.#at(this.#top) } };
  }

  #hashPending(): void {
    const reads = QueryReads.encode({ kvReads: this.#pending });
    this.#pending = [];
    this.#append(1, sha256(reads));
    for (let level = 1; this.#at(level).length > this.#maxDegree; level++) {
      this.#fold(level);
    }
  }

  #completeTree(): void {
    for (let level = 1; level < this.#top; level++) {
      const [only, ...more] = this.#at(level);
      if (only !== undefined && more.length === 0) {
        this.#levels.delete(level);
        this.#append(level + 1, only);
      } else if (only !== undefined) {
        this.#fold(level);
      }
    }
    if (this.#at(this.#top).length > this.#maxDegree) {
      this.#fold(this.#top);
    }
  }

  #fold(level: number): void {
    const hash = sha256(...this.#at(level));
    this.#levels.delete(level);
    this.#append(level + 1, hash);
  }

  #append(level: number, hash: Uint8Array): void {
    this.#levels.set(level, [...this.#at(level), hash]);
    this.#top = Math.max(this.#top, level);
  }

  #at(level: number): Uint8Array[] {
    return this.#levels.get(level) ?? [];
  }
}
