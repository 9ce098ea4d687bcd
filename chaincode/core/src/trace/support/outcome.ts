/**
 * From best to worst. A note changes nothing; `attested` depends on somebody's word; `missing` makes a verdict INCOMPLETE.
 */
export const OUTCOMES = ['sound', 'note', 'attested', 'missing', 'failed'] as const;

export type Outcome = (typeof OUTCOMES)[number];

export function worseOf(a: Outcome, b: Outcome): Outcome {
  return OUTCOMES.indexOf(a) >= OUTCOMES.indexOf(b) ? a : b;
}

export function worstOf(all: Iterable<{ readonly outcome: Outcome }>): Outcome {
  let worst: Outcome = 'sound';
  for (const { outcome } of all) {
    worst = worseOf(worst, outcome);
  }
  return worst;
}
