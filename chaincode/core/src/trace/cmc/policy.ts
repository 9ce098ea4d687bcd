/** Thresholds of the rules about CMCs: constants of the registry's policy, never literals in a check. */
export interface CmcPolicy {
  /** An uncertainty is accepted if it exceeds this part of the CMC: certificates give two digits. */
  readonly accept: number;
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
  probability: { from: 0.94, to: 0.96 },
  coverageFactor: { from: 1.9, to: 2.1 },
};
