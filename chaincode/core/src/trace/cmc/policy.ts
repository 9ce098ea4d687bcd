/** Thresholds of the rules about CMCs: constants of the registry's policy, never literals in a check. */
export interface CmcPolicy {
  /** An uncertainty is accepted if it exceeds this part of the CMC: certificates give two digits. */
  readonly accept: number;
  /** How far a row may be beyond a nominal end of a line, as a part of it. */
  readonly edge: number;
  /** Coverage probabilities that count as 95 %. */
  readonly probability: Interval;
  /** Coverage factors that count as 95 % where no probability is stated. */
  readonly coverageFactor: Interval;
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

export const CMC_POLICY: CmcPolicy = {
  accept: 0.95,
  edge: 0.02,
  probability: { from: 0.94, to: 0.96 },
  coverageFactor: { from: 1.9, to: 2.1 },
};
