/**
 * Remembers for each key the last answer of a pure function with all of its inputs. The answer is valid as long as the inputs are the
 * same. This changes speed, never an answer.
 */
export class LastAnswer<Key extends object, T> {
  readonly #known = new WeakMap<Key, { readonly on: readonly unknown[]; readonly answer: T }>();

  get(key: Key, on: readonly unknown[], compute: () => T): T {
    const known = this.#known.get(key);
    if (known?.on.length === on.length && known.on.every((each, place) => each === on[place])) {
      return known.answer;
    }
    const answer = compute();
    this.#known.set(key, { on, answer });
    return answer;
  }
}
