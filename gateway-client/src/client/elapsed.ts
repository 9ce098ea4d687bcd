/**
 * How long ago something was. A clock that only goes forward counts also while the calendar is put back; the calendar counts also while
 * the machine sleeps.
 */
export class Elapsed {
  readonly #calendar: () => number;
  readonly #steady: () => number;
  readonly #date: number;
  readonly #began: number;

  /**
   * Begins now.
   *
   * @param calendar Milliseconds since 1970.
   * @param steady Milliseconds of a clock that only goes forward.
   */
  constructor(calendar: () => number = Date.now, steady: () => number = () => performance.now()) {
    this.#calendar = calendar;
    this.#steady = steady;
    this.#date = calendar();
    this.#began = steady();
  }

  get ms(): number {
    return Math.max(this.#steady() - this.#began, this.#calendar() - this.#date);
  }
}
