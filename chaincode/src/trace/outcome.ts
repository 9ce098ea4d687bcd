import type { Edge, Finding, FindingOutcome } from './verdict.js';

/** How something stands, and the finding that says why; none where it is sound. */
export interface Outcome {
  readonly outcome: Edge['outcome'];
  readonly because: Finding | null;
}

export const SOUND: Outcome = { outcome: 'sound', because: null };

const SEVERITY: Readonly<Record<Edge['outcome'] | FindingOutcome, number>> = {
  sound: 0,
  note: 0,
  attested: 1,
  missing: 2,
  failed: 3,
};

/** What findings about one thing make of it: the first of the worst decides. */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  let worst = SOUND;
  for (const finding of findings) {
    if (finding.outcome !== 'note' && SEVERITY[finding.outcome] > SEVERITY[worst.outcome]) {
      worst = { outcome: finding.outcome, because: finding };
    }
  }
  return worst;
}

/** The first of the worst, of all things that have to hold together. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((worst, each) => (SEVERITY[each.outcome] > SEVERITY[worst.outcome] ? each : worst), SOUND);
}
