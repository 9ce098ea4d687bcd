/**
 * Remembers answers of a pure function, forgetting the oldest beyond a bound. It changes speed, never an answer,
 * so an endorser that has seen more than another still says the same.
 */
export class Memo<T> {
  readonly #answers = new Map<string, T>();

  constructor(readonly limit: number) {}

  get(key: string, compute: () => T): T {
    const known = this.#answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const answer = compute();
    if (this.#answers.size >= this.limit) {
      const oldest = this.#answers.keys().next();
      if (!oldest.done) {
        this.#answers.delete(oldest.value);
      }
    }
    this.#answers.set(key, answer);
    return answer;
  }
}
