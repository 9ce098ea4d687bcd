/** Rows of results that one trace reads at most. */
export const MAX_ROWS_A_TRACE = 80_000;
/** Rows times results of parents that one trace holds against one another at most. */
export const MAX_COMPARISONS = 500_000;

/**
 * Bounds the work of a trace, whatever is registered above a device; also that of several together, out of whose budget each
 * takes its own.
 */
export class Budget {
  #rows = MAX_ROWS_A_TRACE;
  #comparisons = MAX_COMPARISONS;
  readonly #whole: Budget | undefined;

  /** @param whole Of all traces of one question, or of one transaction. */
  constructor(whole?: Budget) {
    this.#whole = whole;
  }

  /** Whether so many rows may still be looked at. */
  takeRows(count: number): boolean {
    this.#rows -= count;
    return this.#rows >= 0 && (this.#whole?.takeRows(count) ?? true);
  }

  /** Whether so many rows may still be held against results of parents. */
  takeComparisons(count: number): boolean {
    this.#comparisons -= count;
    return this.#comparisons >= 0 && (this.#whole?.takeComparisons(count) ?? true);
  }

  /** Whether somebody wanted more of it than there was. */
  get isExceeded(): boolean {
    return this.#rows < 0 || this.#comparisons < 0;
  }
}
