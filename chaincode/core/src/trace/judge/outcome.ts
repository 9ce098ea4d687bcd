import type { Edge, Finding, FindingOutcome } from '../verdict.js';

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

/** Of two that rest on somebody's word an accreditation weighs more: it is named as the reason only where nothing weaker is. */
function severityOf(outcome: keyof typeof SEVERITY, basis: Finding['basis']): number {
  return SEVERITY[outcome] - (outcome === 'attested' && basis === 'accreditation' ? 0.5 : 0);
}

/** What findings about one thing make of it: the first of the worst decides. */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  let worst = SOUND;
  for (const finding of findings) {
    if (finding.outcome !== 'note' && severityOf(finding.outcome, finding.basis) > weightOf(worst)) {
      worst = { outcome: finding.outcome, because: finding };
    }
  }
  return worst;
}

/** The first of the worst, of all things that have to hold together. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((worst, each) => (weightOf(each) > weightOf(worst) ? each : worst), SOUND);
}

function weightOf({ outcome, because }: Outcome): number {
  return severityOf(outcome, because?.basis);
}
