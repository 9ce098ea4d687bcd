/**
 * What a gate finds, with its exit code. API: they never change meaning. Of several devices, the one that stands first here decides.
 */
export const GATE_OUTCOMES = {
  /** A file is missing, damaged, or answers another question. */
  broken: 109,
  /** Bundle or log are older than what was seen here before. */
  'rolled-back': 102,
  /** The device, a report or somebody above is revoked or suspended. */
  revoked: 103,
  /** Its operator has it in quarantine. */
  quarantined: 104,
  /** The verdict is FAILED for another reason, or its owner's requirements are not fulfilled. */
  'not-traceable': 108,
  /** The calibration is overdue. */
  overdue: 105,
  /** It does not conform to its specification. */
  'not-conforming': 106,
  /** The verdict is INCOMPLETE. */
  incomplete: 107,
  /** Nobody has signed recently enough that nothing has changed, or something has. */
  stale: 100,
  /** It rests on somebody's word, and nobody accepts that. */
  attested: 101,
} as const;

export type GateRefusal = keyof typeof GATE_OUTCOMES;

/**
 * `open`: it may be used. `grace`: it may, though its proof is older than it should be. `override`: it may not, and an officer of its
 * operator has signed that it is used all the same.
 */
export type GateOutcome = 'open' | 'grace' | 'override' | GateRefusal;

const WORST_FIRST: readonly GateOutcome[] = [
  ...(Object.keys(GATE_OUTCOMES) as GateRefusal[]),
  'override',
  'grace',
  'open',
];

/** The outcome of a set: one device that may not be used keeps all from it. */
export function worst(outcomes: readonly GateOutcome[]): GateOutcome {
  return WORST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? 'broken';
}

export function opens(outcome: GateOutcome): outcome is 'open' | 'grace' | 'override' {
  return outcome === 'open' || outcome === 'grace' || outcome === 'override';
}
