/** Length of the longest accepted statement: longer inputs are rarely repeated and would fill the memory. */
const LONGEST_REMEMBERED = 32_768;
/** Limit of characters of remembered questions; answers have about the same size. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/**
 * Caches the results of a pure function and drops the oldest beyond a limit. It changes speed, never a result, so endorsers
 * with different caches still agree.
 *
 * Inputs may be whole records from outside: the cache is limited by their length, not only by their number.
 */
export class Memo<T> {
  readonly #answers = new Map<string, T>();
  #characters = 0;

  constructor(readonly limit: number) {}

  /** @param compute Its argument says whether the answer will be shared with later callers. */
  get(key: string, compute: (shared: boolean) => T): T {
    const known = this.#answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const shared = key.length <= LONGEST_REMEMBERED;
    const answer = compute(shared);
    if (shared) {
      this.#remember(key, answer);
    }
    return answer;
  }

  #remember(key: string, answer: T): void {
    this.#forget(key);
    this.#answers.set(key, answer);
    this.#characters += key.length;
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.limit && this.#characters <= MOST_CHARACTERS) {
        break;
      }
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    if (this.#answers.delete(key)) {
      this.#characters -= key.length;
    }
  }
}

/**
 * Caches a result computed from a frozen object, as long as the object is in use. For an object that is not frozen, the result is
 * computed each time, because the object may have changed.
 */
export class FrozenMemo<Key extends object, T> {
  readonly #answers = new WeakMap<Key, T>();

  get(key: Key, compute: () => T): T {
    const known = this.#answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const answer = compute();
    if (Object.isFrozen(key)) {
      this.#answers.set(key, answer);
    }
    return answer;
  }
}

/**
 * Limit of bytes of remembered records; the same limit applies to the records behind opened records, and to those behind traces.
 * Parsed records take about four times their bytes: in total at most about 400 MB of a process.
 */
export const MOST_REMEMBERED = 32 * 1024 * 1024;

const weights = new WeakMap<object, number>();

/** Remembers the size of the record that a value was parsed from. */
export function weigh(record: unknown, bytes: number): void {
  if (typeof record === 'object' && record !== null) {
    weights.set(record, bytes);
  }
}

/** Bytes of the record that a value was parsed from, if known. */
export function weightOf(record: unknown): number {
  return typeof record === 'object' && record !== null ? (weights.get(record) ?? 0) : 0;
}
