import type { OpenReport } from './open/opened.js';
import { outcomeOf } from './judge/outcome.js';
import { MAX_EDGES } from './options.js';
import type { Edge, Finding } from './verdict.js';

/** Limit of sentences about comparisons in one verdict. */
const MAX_COMPARED = 5000;
const TOLD_ENOUGH = 'limits: There is no room to tell what else was compared: ask about one kind of quantity.';

/** The evidence of a trace: the findings at each report, in the order of the walk. */
export class Edges {
  readonly all: Edge[] = [];
  /** Sentences about what was compared. */
  #told = 0;

  get isFull(): boolean {
    return this.all.length >= MAX_EDGES;
  }

  /** Whether the verdict has room for more sentences about comparisons. */
  get tellsMore(): boolean {
    return this.#told < MAX_COMPARED;
  }

  /** @returns The edge's place; pass it to add findings. */
  record(level: number, reliant: OpenReport | null, what: Partial<Edge>, found: readonly Finding[]): number {
    this.all.push({
      level,
      child: reliant?.id ?? null,
      report: null,
      digest: null,
      amendedBy: null,
      device: null,
      organisation: null,
      technician: null,
      performed: null,
      registered: null,
      gives: [],
      ...what,
      outcome: outcomeOf(found).outcome,
      findings: found,
    });
    return this.all.length - 1;
  }

  /** Notes further findings at an edge. */
  add(place: number, found: readonly Finding[]): readonly Finding[] {
    const edge = this.all[place];
    if (edge && found.length > 0) {
      const all = [...edge.findings, ...found];
      this.all[place] = { ...edge, findings: all, outcome: outcomeOf(all).outcome };
    }
    return found;
  }

  /** Adds sentences about comparisons to an edge, as far as the verdict has room for them. */
  tell(place: number, all: readonly string[]): void {
    const edge = this.all[place];
    const compared = all.slice(0, Math.max(MAX_COMPARED - this.#told, 0));
    if (edge && compared.length > 0) {
      const last = compared.length < all.length ? [TOLD_ENOUGH] : [];
      this.all[place] = { ...edge, compared: [...(edge.compared ?? []), ...compared, ...last] };
      this.#told += compared.length;
    }
  }
}
