/** Thresholds of the registry's policy about support. The consortium chooses them: no check has a threshold of its own. */
export interface SupportPolicy {
  /** How far an uncertainty may be below its floor because of rounding to two digits. */
  readonly floorTolerance: number;
  /** How far outside the calibrated range a row may be, as part of its span (of the value of a single point). */
  readonly edge: number;
  /** Part of the variance below which an influence or an input of the laboratory's own may stay open. */
  readonly negligibleShare: number;
  /** A coverage factor below this part of the normal one for its probability contradicts it. */
  readonly coverageTolerance: number;
  /** An amended value matters if it changed by more than this part of the child's standard uncertainty. */
  readonly amendedShift: number;
  /** An amended uncertainty matters if it grew by more than this part and the floor no longer holds. */
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
  amendedShift: 0.2,
  amendedGrowth: 0.05,
};
