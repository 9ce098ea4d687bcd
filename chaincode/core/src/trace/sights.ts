import { isBeside, placedAt, placedBeside } from './at/placed.js';
import type { TraceContext } from './checks/index.js';
import type { CurrentUse } from './current.js';
import { tooMuch } from './judge/limits.js';
import type { JudgingPolicy } from './judge/policy.js';
import type { Needed } from './needed.js';
import type { Citation, OpenReport, Reference, Unopened } from './open/opened.js';
import type { Opener } from './open/opener.js';
import { MAX_EDGES, MAX_LEVELS } from './options.js';
import type { Reading } from './reading.js';
import { asRepeated } from './repeated.js';
import { rowsIn } from './results.js';
import { kindsOf } from './since.js';

export const TOO_LONG: Unopened = {
  check: 'limits',
  outcome: 'failed',
  reason: `The chain is longer than ${MAX_LEVELS} levels.`,
};

interface Looking {
  readonly opener: Opener;
  readonly context: TraceContext;
  readonly reading: Reading;
  readonly support: JudgingPolicy['support'];
  /** Whether some confidential results of the traced device are enough. */
  readonly isPartEnough: boolean;
  /** Whether the trace has no room for a further edge. */
  isFull(): boolean;
}

/** Reports as a walk looks at them: with the results for which they are needed, at the places at which they count. */
export class Sights {
  readonly #looking: Looking;

  constructor(looking: Looking) {
    this.#looking = looking;
  }

  /** A cited report with the results for which it is needed. */
  async of(
    reference: Reference,
    needed: Needed,
    path: readonly Reference[],
  ): Promise<(Citation & { readonly needed: readonly string[] }) | Unopened> {
    const { opener, context, reading, isPartEnough } = this.#looking;
    const citation = this.#limit(reference, path) ?? (await opener.citation(reference));
    if ('outcome' in citation) {
      return citation;
    }
    const kinds = needed(kindsOf(citation.cited));
    const given = kindsOf(citation.report);
    const report = await reading.withResults(
      await asRepeated(opener, citation.report, context),
      kinds.filter((kind) => given.includes(kind)),
      isPartEnough && path.length === 0,
    );
    return { ...citation, report, needed: kinds };
  }

  /** A current report at the places at which it counts; undefined if no place is left. */
  placed(report: OpenReport, { newer }: CurrentUse): OpenReport | Unopened | undefined {
    const { context, support } = this.#looking;
    const { at } = context.options;
    const places = [...newer.values()].reduce((sum, extents) => sum + extents.length, 0);
    if (!context.budget.takeComparisons(places * rowsIn(report.counted))) {
      return { ...tooMuch(report), outcome: 'missing' };
    }
    return at ? placedAt(report, at, support) : placedBeside(report, newer);
  }

  /**
   * The report that covers the place asked about, among those that a device relies on, newest first. A report that cannot be read may
   * cover the place, so no older one replaces it.
   */
  async currentAsked(device: string, uses: readonly CurrentUse[]): Promise<CurrentUse | undefined> {
    for (const use of uses) {
      const sight = await this.of({ device, report: use.report }, () => use.quantities, []);
      const placed = 'outcome' in sight ? sight : this.placed(sight.report, use);
      const isNothing = placed && 'outcome' in placed && placed.check === 'results';
      const isNewers = placed && !('outcome' in placed) && placed.placed && !isBeside(placed, use.newer);
      if (!isNothing && !isNewers) {
        return use;
      }
    }
    return uses[0];
  }

  #limit({ report }: Reference, path: readonly Reference[]): Unopened | undefined {
    const reason = path.some((step) => step.report === report)
      ? `Report ${report} rests on itself.`
      : path.length >= MAX_LEVELS
        ? TOO_LONG.reason
        : this.#looking.isFull()
          ? `The trace has more than ${MAX_EDGES} edges.`
          : undefined;
    return reason === undefined ? undefined : { check: 'limits', outcome: 'failed', reason };
  }
}
