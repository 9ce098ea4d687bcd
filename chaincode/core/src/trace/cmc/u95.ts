import { Memo } from '../../model/index.js';
import type { BoundedDistribution } from '../../model/index.js';
import { credibleExpanded, isCoverageFactor } from '../coverageFactors.js';
import { boundedFactor } from '../distributions.js';
import { normalQuantile, Z95 } from '../normal.js';
import { isPositive } from '../support/numbers.js';
import { CMC_POLICY } from './policy.js';
import type { CmcPolicy } from './policy.js';

/** An expanded uncertainty as a certificate states it. */
export interface StatedUncertainty {
  readonly expanded: number;
  readonly coverageFactor: number;
  readonly coverageProbability: number | null;
  /** A distribution with limits, where the certificate states one; otherwise it counts as normal. */
  readonly distribution?: BoundedDistribution;
}

/** How a stated uncertainty was brought to 95 %. */
export type U95Reading =
  /** It is stated for about 95 %, or with about k = 2. */
  | 'as-stated'
  /** A standard uncertainty (k = 1 without a probability): doubled. */
  | 'standard'
  /** Scaled from another probability. */
  | 'probability'
  /** No probability and another k: the smaller of U and 2U/k. */
  | 'coverage-factor'
  /** k is so large that U counts only as far as with three degrees of freedom. */
  | 'few-readings';

export interface U95 {
  readonly value: number;
  readonly reading: U95Reading;
}

/**
 * The expanded uncertainty at 95 %, which is what CMCs state. Probabilities close to 95 % count as 95 %. A coverage factor larger than
 * the normal one means few degrees of freedom and changes nothing. A stated probability never makes the result larger than twice the
 * standard uncertainty.
 *
 * @returns undefined if the uncertainty is not usable: U must be positive, k that of a measurement, p above 0 and at most 1, all finite.
 * @example u95Of({ expanded: 0.03, coverageFactor: 3, coverageProbability: 0.9973 }) // 0.0196, from its probability
 */
export function u95Of(stated: StatedUncertainty, policy: CmcPolicy = CMC_POLICY): U95 | undefined {
  const { expanded, coverageFactor: k, coverageProbability: p } = stated;
  const isStated = isPositive(expanded) && isCoverageFactor(k, p);
  const read = isStated && (p === null || (p > 0 && p <= 1)) ? readingOf(stated, policy) : undefined;
  return read && isPositive(read.value) ? read : undefined;
}

/**
 * The same for those who use the value. If k does not belong to its probability, U has several readings: a CMC is compared with the
 * smallest, a requirement with the largest.
 */
export function cautiousU95(stated: StatedUncertainty, policy: CmcPolicy = CMC_POLICY): U95 | undefined {
  const u95 = u95Of(stated, policy);
  return u95 && otherReadings(stated, policy).reduce((most, each) => (each.value > most.value ? each : most), u95);
}

function otherReadings(stated: StatedUncertainty, policy: CmcPolicy): readonly U95[] {
  const { expanded: U, coverageFactor: k, coverageProbability: p, distribution } = stated;
  const factor95 = distribution ? boundedFactor(distribution, 0.95) : 2;
  const byFactor: U95 = { value: (factor95 / k) * U, reading: 'coverage-factor' };
  // A large k may be that of few readings: without a probability for 95 %, and else more than the normal one for less than 95 %.
  const byReadings: readonly U95[] =
    p === null
      ? [{ value: U, reading: 'coverage-factor' }]
      : p < policy.probability.from
        ? [{ value: U * ratioTo95(p, distribution), reading: 'probability' }]
        : [];
  return [...(isTooSmall(stated, policy) ? [byFactor] : []), ...byReadings].filter(({ value }) => isPositive(value));
}

/** Whether k is smaller than the factor of its distribution for its probability; without a probability, for 95 %. */
function isTooSmall({ coverageFactor: k, coverageProbability: p, distribution }: StatedUncertainty, policy: CmcPolicy) {
  const { from, to } = policy.probability;
  const is95 = p === null || (from <= p && p <= to);
  const needed = distribution
    ? boundedFactor(distribution, is95 ? 0.95 : p)
    : is95 || p === 1
      ? Z95
      : normalQuantile(p);
  return k < (policy.coverageFactor.from / Z95) * needed;
}

/** For people: the expanded uncertainty at 95 % with its coverage factor. */
export interface At95 {
  readonly expanded: number;
  readonly k: number;
  /** Whether the certificate states exactly these numbers. */
  readonly isStated: boolean;
}

/** @returns undefined if the uncertainty is not usable. */
export function at95(stated: StatedUncertainty): At95 | undefined {
  const u95 = cautiousU95(stated);
  if (!u95) {
    return undefined;
  }
  const isStated = u95.reading === 'as-stated';
  const k = isStated ? stated.coverageFactor : (u95.value / stated.expanded) * stated.coverageFactor;
  return { expanded: u95.value, k, isStated };
}

/**
 * The uncertainty as far as its standard uncertainty supports it: this part is compared with a CMC, because few readings alone must
 * not make U larger.
 */
export function claimedU95(stated: StatedUncertainty, policy: CmcPolicy = CMC_POLICY): U95 | undefined {
  const u95 = u95Of(stated, policy);
  const credible = credibleExpanded(stated.expanded, stated.coverageFactor);
  return u95 && credible < stated.expanded && credible < u95.value ? { value: credible, reading: 'few-readings' } : u95;
}

function readingOf(stated: StatedUncertainty, policy: CmcPolicy): U95 {
  const { expanded: U, coverageFactor: k, coverageProbability: p } = stated;
  if (p !== null && isIn(p, policy.probability)) {
    return { value: U, reading: 'as-stated' };
  }
  const ratio = p === null ? NaN : ratioTo95(p, stated.distribution);
  if (Number.isFinite(ratio)) {
    // A stated probability never gives a larger uncertainty than the coverage factor does.
    return { value: Math.min(U * ratio, (Math.max(2, k) / k) * U), reading: 'probability' };
  }
  if (isIn(k, policy.coverageFactor)) {
    return { value: U, reading: 'as-stated' };
  }
  // A certificate that gives k = 1 and nothing else gives a standard uncertainty. One that gives p = 1 for a normal quantity does not.
  return k === 1 && p === null
    ? { value: 2 * U, reading: 'standard' }
    : { value: Math.min(U, (2 / k) * U), reading: 'coverage-factor' };
}

/** The half-width for 95 % relative to that for p; not finite if p has no half-width. */
function ratioTo95(p: number, distribution: BoundedDistribution | undefined): number {
  return distribution
    ? boundedFactor(distribution, 0.95) / boundedFactor(distribution, p)
    : quantiles.get(String(p), () => Z95 / normalQuantile(p));
}

// Remembered, because most certificates of a registry state the same few probabilities.
const quantiles = new Memo<number>(256);

function isIn(number: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return from <= number && number <= to;
}
