/**
 * What the registry's policy says about how a result is supported. Engineering choices of the consortium, not of the code:
 * no check has a threshold of its own.
 */
export interface SupportPolicy {
  /** How far an uncertainty may be below its floor by the rounding to two digits; also below a CMC. */
  readonly floorTolerance: number;
  /** How far outside the calibrated range a row may be, as part of its span (of the value of a single point). */
  readonly edge: number;
  /** Part of the variance below which an influence or an input of the laboratory's own may stay open. */
  readonly negligibleShare: number;
  /** A coverage factor below this part of the normal one for its probability contradicts it. */
  readonly coverageTolerance: number;
  /** Coverage factor that counts as 95 %, and the probabilities and factors that are taken as such. */
  readonly coverage95: {
    readonly factor: number;
    readonly probabilities: Range;
    readonly factors: Range;
  };
  /** An amended value matters where it moved by more than this part of the child's standard uncertainty. */
  readonly amendedShift: number;
  /** An amended uncertainty matters where it grew by more than this part, and the floor does not hold any more. */
  readonly amendedGrowth: number;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

export const DEFAULT_SUPPORT_POLICY: SupportPolicy = {
  floorTolerance: 0.05,
  edge: 0.02,
  negligibleShare: 0.01,
  coverageTolerance: 0.97,
  coverage95: { factor: 2, probabilities: { min: 0.94, max: 0.96 }, factors: { min: 1.9, max: 2.1 } },
  amendedShift: 0.2,
  amendedGrowth: 0.05,
};
