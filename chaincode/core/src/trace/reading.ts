import type { Result, ResultsDigest } from '../model/index.js';
import type { Shown } from '../signing/index.js';
import type { Budget } from './budget.js';
import type { Unread, OpenReport } from './open/opened.js';
import type { Opener } from './open/opener.js';
import type { Said } from './open/statement.js';
import { rowsIn, wasFoundOutOfLimits } from './results.js';

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

  /**
   * The report with its results of these kinds, as far as they match the signed digests and are within the limits. Confidential ones are
   * read where a disclosure shows them.
   *
   * @param isPartEnough Whether some of them are enough: nobody can tell what a result rests on without all of its source's.
   */
  async withResults(report: OpenReport, quantities: readonly string[], isPartEnough = false): Promise<OpenReport> {
    const results = new Map(report.results);
    const unread: Unread[] = [];
    const closed = new Set<string>();
    const partly = new Map<string, Shown>();
    for (const quantity of quantities) {
      const named = report.payload.results.find((each) => each.quantity === quantity);
      const shown = named?.sealed ? await this.#shown(report, quantity, isPartEnough) : null;
      if (shown === undefined) {
        closed.add(quantity);
        continue;
      }
      const own = shown && named ? this.#told(report, named, shown) : await this.#own(report, quantity, named?.rows);
      if (typeof own === 'string') {
        unread.push({ quantity, why: own });
      } else {
        results.set(quantity, own);
      }
      if (shown?.isComplete === false) {
        partly.set(quantity, shown);
      }
    }
    return { ...report, results, counted: [...results.values()].flat(), unread, closed, partly };
  }

  /** Public results of one kind, or why they are not read. */
  async #own(report: OpenReport, quantity: string, rows = 0): Promise<readonly Result[] | Unread['why']> {
    return this.#isAffordable(`${report.id} ${quantity}`, rows)
      ? ((await this.#opener.results(report, quantity)) ?? 'not-signed')
      : 'too-many';
  }

  /** Disclosed results of one kind, or why they are not read. */
  #told({ id }: OpenReport, named: ResultsDigest, shown: Shown): readonly Result[] | Unread['why'] {
    if (isMisstated(shown, named)) {
      return 'not-signed';
    }
    return this.#isAffordable(`${id} ${named.quantity}`, rowsIn(shown.results)) ? shown.results : 'too-many';
  }

  /** What a disclosure shows of confidential results, if that is enough. */
  async #shown(report: OpenReport, quantity: string, isPartEnough: boolean): Promise<Shown | undefined> {
    const shown = await this.#opener.shown(report, quantity);
    return shown && (shown.isComplete || isPartEnough) ? shown : undefined;
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

/**
 * Whether a report states of confidential results what they do not say. The registry compares that where it sees the results; that they
 * were found out of limits concerns the work of others.
 */
function isMisstated({ isComplete, results }: Shown, { foundOutOfLimits }: ResultsDigest): boolean {
  return isComplete && wasFoundOutOfLimits(results) !== (foundOutOfLimits === true);
}
