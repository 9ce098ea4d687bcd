import type { Budget } from './budget.js';
import { isWithinLimits } from './judge/conformity.js';
import type { Standing } from './judge/sources.js';
import type { Reference } from './open/opened.js';
import type { Opener } from './open/opener.js';
import type { Decision } from './open/ownership.js';
import { MAX_EDGES } from './options.js';
import { resultsAsFound } from './results.js';

/** Least cost of examining one report: about the number of edges that it may have. */
const COMPARISONS_A_LOOK = 20 * MAX_EDGES;

type Trace = (reference: Reference, kind: string) => Promise<{ readonly kinds: ReadonlyMap<string, Standing> }>;

/**
 * Which calibrations found a standard within its limits. Only a calibration that states this result and is itself sound counts. An
 * owner's acceptance alone is not enough, because owners can accept their own reports and could end doubts about their own work.
 */
export class FoundSound {
  readonly #opener: Opener;
  readonly #budget: Budget;
  readonly #trace: Trace;
  readonly #known = new Map<string, Promise<boolean>>();

  /** @param budget If it is used up, a calibration counts as not having found the standard within its limits. */
  constructor(opener: Opener, budget: Budget, trace: Trace) {
    this.#opener = opener;
    this.#budget = budget;
    this.#trace = trace;
  }

  async byAny(calibrations: readonly Decision[], device: string, kind: string): Promise<boolean> {
    for (const { report } of calibrations) {
      const name = JSON.stringify([report, kind]);
      const known = this.#known.get(name) ?? this.#by({ device, report }, kind);
      this.#known.set(name, known);
      if (await known) {
        return true;
      }
    }
    return false;
  }

  async #by(reference: Reference, kind: string): Promise<boolean> {
    if (!(await this.#saysSo(reference, kind)) || !this.#budget.takeComparisons(COMPARISONS_A_LOOK)) {
      return false;
    }
    const outcome = (await this.#trace(reference, kind)).kinds.get(kind)?.outcome;
    return outcome === 'sound' || outcome === 'attested';
  }

  async #saysSo(reference: Reference, kind: string): Promise<boolean> {
    const citation = await this.#opener.citation(reference);
    if ('outcome' in citation) {
      return false;
    }
    const rows = citation.report.payload.results.find(({ quantity }) => quantity === kind)?.rows ?? 0;
    const results = this.#budget.takeRows(rows) ? await this.#opener.results(citation.report, kind) : undefined;
    return results !== undefined && isWithinLimits(resultsAsFound(results));
  }
}
