import type { Budget } from './budget.js';
import type { Unread, OpenReport } from './open/opened.js';
import type { Opener } from './open/opener.js';
import type { Said } from './open/statement.js';

/** About the number of characters of a review that name one report. */
const CHARACTERS_A_ROW = 150;

/** Reads results and reviews for a trace within its limits. What was read before costs nothing more. */
export class Reading {
  readonly #opener: Opener;
  readonly #budget: Budget;
  readonly #read = new Set<string>();

  constructor(opener: Opener, budget: Budget) {
    this.#opener = opener;
    this.#budget = budget;
  }

  /** The report with its results of these kinds, as far as they match the signed digests and are within the limits. */
  async withResults(report: OpenReport, quantities: readonly string[]): Promise<OpenReport> {
    const results = new Map(report.results);
    const unread: Unread[] = [];
    for (const quantity of quantities) {
      const rows = report.payload.results.find((each) => each.quantity === quantity)?.rows ?? 0;
      const isAffordable = this.#isAffordable(`${report.id} ${quantity}`, rows);
      const own = isAffordable ? await this.#opener.results(report, quantity) : undefined;
      if (own) {
        results.set(quantity, own);
      } else {
        unread.push({ quantity, why: isAffordable ? 'not-signed' : 'too-many' });
      }
    }
    return { ...report, results, counted: [...results.values()].flat(), unread };
  }

  /** Reviews count against the same limit as results, so that a trace ends however much a laboratory reviews. */
  async reviewOf(reliant: OpenReport, cause: Parameters<Opener['reviewOf']>[1]): Promise<Said<'review'> | undefined> {
    if (this.#budget.isExceeded) {
      return undefined;
    }
    const rows = Math.ceil((await this.#opener.reviewCharacters(reliant, cause)) / CHARACTERS_A_ROW);
    const isAffordable = this.#isAffordable(`reviews ${cause.id} ${reliant.organisation}`, rows);
    return isAffordable ? this.#opener.reviewOf(reliant, cause) : undefined;
  }

  #isAffordable(what: string, rows: number): boolean {
    const isAffordable = this.#read.has(what) || this.#budget.takeRows(rows);
    if (isAffordable) {
      this.#read.add(what);
    }
    return isAffordable;
  }
}
