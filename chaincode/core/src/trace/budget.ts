/** Rows of results that one trace reads at most. */
const MAX_ROWS_A_TRACE = 80_000;
/** Rows times results of parents that one trace holds against one another at most. */
export const MAX_COMPARISONS = 500_000;

/** Work that a trace was granted. */
export interface Granted {
  readonly rows: number;
  readonly comparisons: number;
}

/**
 * Bounds the work of a trace, whatever is registered above a device; also that of several together, out of whose budget each
 * takes its own.
 */
export class Budget {
  #rows = MAX_ROWS_A_TRACE;
  #comparisons = MAX_COMPARISONS;
  #granted: Granted = { rows: 0, comparisons: 0 };
  readonly #whole: Budget | undefined;

  /** @param whole Of all traces of one question, or of one transaction. */
  constructor(whole?: Budget) {
    this.#whole = whole;
  }

  get granted(): Granted {
    return this.#granted;
  }

  /** As much once more for what is looked into beside a trace, which is not to lack it: out of the same whole. */
  get aside(): Budget {
    return new Budget(this.#whole);
  }

  /** Whether so many rows may still be looked at. */
  takeRows(count: number): boolean {
    this.#rows -= count;
    return this.#rows >= 0 && (this.#whole?.takeRows(count) ?? true) && this.#grant(count, 0);
  }

  /** Whether so many rows may still be held against results of parents. */
  takeComparisons(count: number): boolean {
    // Work that was followed only as far as there is {@link room} has no end: alone, this trace might have been granted it.
    const isShortInAll = count === Infinity && this.#whole !== undefined && this.#whole.room < this.#comparisons;
    this.#comparisons -= count;
    const isOwn = this.#comparisons >= 0 || isShortInAll;
    return isOwn && (this.#whole?.takeComparisons(count) ?? true) && this.#grant(0, count);
  }

  /** Comparisons that are left, also of the whole. */
  get room(): number {
    return Math.min(this.#comparisons, this.#whole ? this.#whole.#comparisons : Infinity);
  }

  /** The same for what is told besides a verdict: takes nothing where there is no room for it. */
  takeSpare(count: number): boolean {
    return this.room >= count && this.takeComparisons(count);
  }

  /** Whether there is room for all that the same trace was granted elsewhere: it would have ended just so. Takes it. */
  takeAll({ rows, comparisons }: Granted): boolean {
    const room = this.#whole ?? this;
    return (
      room.#rows >= rows && room.#comparisons >= comparisons && this.takeRows(rows) && this.takeComparisons(comparisons)
    );
  }

  /** Whether somebody wanted more of it than there was. */
  get isExceeded(): boolean {
    return this.#rows < 0 || this.#comparisons < 0;
  }

  #grant(rows: number, comparisons: number): true {
    const { granted } = this;
    this.#granted = { rows: granted.rows + rows, comparisons: granted.comparisons + comparisons };
    return true;
  }
}
