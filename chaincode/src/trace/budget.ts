/** Points of results that one trace reads at most. */
export const MAX_POINTS_A_TRACE = 150_000;
/** Points times results of parents that one trace holds against one another at most. */
export const MAX_COMPARISONS = 500_000;

/** Bounds the work of a trace, whatever is registered above a device. */
export class Budget {
  #points = MAX_POINTS_A_TRACE;
  #comparisons = MAX_COMPARISONS;

  /** Whether so many points may still be looked at. */
  takePoints(count: number): boolean {
    this.#points -= count;
    return this.#points >= 0;
  }

  /** Points and comparisons that were looked at, as shares of what one trace may: of a full budget 1. */
  get spent(): number {
    const share = (left: number, of: number) => (of - Math.max(0, left)) / of;
    return Math.max(share(this.#points, MAX_POINTS_A_TRACE), share(this.#comparisons, MAX_COMPARISONS));
  }

  takeComparisons(count: number): boolean {
    this.#comparisons -= count;
    return this.#comparisons >= 0;
  }
}
