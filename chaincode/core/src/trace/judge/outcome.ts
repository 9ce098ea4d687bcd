import type { Edge, Finding, FindingOutcome } from '../verdict.js';

/** A status and the finding that explains it; without a finding it is sound. */
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

/** Of two ATTESTED findings, an accreditation is the stronger: it is the reason only if no weaker finding exists. */
function severityOf(outcome: keyof typeof SEVERITY, basis: Finding['basis']): number {
  return SEVERITY[outcome] - (outcome === 'attested' && basis === 'accreditation' ? 0.5 : 0);
}

/** The status that findings about one subject give: the first of the worst decides. */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  let worst = SOUND;
  for (const finding of findings) {
    if (finding.outcome !== 'note' && severityOf(finding.outcome, finding.basis) > weightOf(worst)) {
      worst = { outcome: finding.outcome, because: finding };
    }
  }
  return worst;
}

/** The status of several subjects that all have to hold: the first of the worst decides. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((worst, each) => (weightOf(each) > weightOf(worst) ? each : worst), SOUND);
}

function weightOf({ outcome, because }: Outcome): number {
  return severityOf(outcome, because?.basis);
}
