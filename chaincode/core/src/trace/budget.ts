/** Limit of rows of results that one trace reads. */
const MAX_ROWS_A_TRACE = 80_000;
/** Limit of comparisons in one trace: rows, times the parents' results that they are compared with. */
export const MAX_COMPARISONS = 500_000;

/** Work that a trace was granted. */
export interface Granted {
  readonly rows: number;
  readonly comparisons: number;
}

const LIMITS: Granted = { rows: MAX_ROWS_A_TRACE, comparisons: MAX_COMPARISONS };

/**
 * Limits the work of a trace, whatever is registered above a device. Several traces can share a budget: each then takes its work from
 * the whole.
 */
export class Budget {
  #rows: number;
  #comparisons: number;
  #granted: Granted = { rows: 0, comparisons: 0 };
  readonly #whole: Budget | undefined;

  /**
   * @param whole The budget of all traces of one question or one transaction.
   * @param limits Only for such a whole: what stops for lack of it is not final.
   */
  constructor(whole?: Budget, { rows, comparisons }: Granted = LIMITS) {
    this.#whole = whole;
    this.#rows = rows;
    this.#comparisons = comparisons;
  }

  get granted(): Granted {
    return this.#granted;
  }

  /**
   * A second budget of the same size, from the same whole. Work beside the trace takes from it, so that the trace itself does not run
   * short.
   */
  get aside(): Budget {
    return new Budget(this.#whole);
  }

  /** Takes this number of rows from the budget. False if it has fewer left. */
  takeRows(count: number): boolean {
    this.#rows -= count;
    return this.#rows >= 0 && (this.#whole?.takeRows(count) ?? true) && this.#grant(count, 0);
  }

  /** Takes this number of comparisons from the budget. False if it has fewer left. */
  takeComparisons(count: number): boolean {
    // Work that stopped for lack of {@link room} is not final: alone, this trace might have had enough.
    const isShortInAll = count === Infinity && this.#whole !== undefined && this.#whole.room < this.#comparisons;
    this.#comparisons -= count;
    const isOwn = this.#comparisons >= 0 || isShortInAll;
    return isOwn && (this.#whole?.takeComparisons(count) ?? true) && this.#grant(0, count);
  }

  /** Comparisons that are left, here and in the whole. */
  get room(): number {
    return Math.min(this.#comparisons, this.#whole ? this.#whole.#comparisons : Infinity);
  }

  /** The same for explanations beside a verdict: takes nothing if not enough is left. */
  takeSpare(count: number): boolean {
    return this.room >= count && this.takeComparisons(count);
  }

  /**
   * Takes all the work that the same trace was granted elsewhere, if that much is left: the trace would then have ended in the same
   * way.
   */
  takeAll({ rows, comparisons }: Granted): boolean {
    const room = this.#whole ?? this;
    return (
      room.#rows >= rows && room.#comparisons >= comparisons && this.takeRows(rows) && this.takeComparisons(comparisons)
    );
  }

  /** Whether a request exceeded the budget. */
  get isExceeded(): boolean {
    return this.#rows < 0 || this.#comparisons < 0;
  }

  /** Whether nothing is left for whoever shares the whole. */
  get isSpent(): boolean {
    return (this.#whole ?? this).isExceeded;
  }

  #grant(rows: number, comparisons: number): true {
    const { granted } = this;
    this.#granted = { rows: granted.rows + rows, comparisons: granted.comparisons + comparisons };
    return true;
  }
}
