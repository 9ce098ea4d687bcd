import type { StatedConformity } from '../model/index.js';

/** The conformity that a result's own numbers give. */
export type Recomputed = 'conforms' | 'conditional' | 'does-not' | 'undecidable';

/**
 * Stands beside the verdict: conformity never makes a result traceable. `stated-pass`: the certificate states a pass for every point
 * but no limits, so nothing can be recomputed.
 */
export type ConformityStatus = Recomputed | 'contradicted' | 'stated-pass';

/** The conformity of a result as the end of a sentence: `it ${...}`. */
export const CONFORMITY_WORDS: Readonly<Record<ConformityStatus, string>> = {
  conforms: 'conforms',
  conditional: 'lies within the guard band (conditional)',
  'does-not': 'does not conform',
  undecidable: 'cannot be decided from its numbers',
  contradicted: 'is contradicted by its numbers',
  'stated-pass': 'is stated as a pass without limits, so that it cannot be recomputed',
};

export interface Limits {
  /** Null: no limit on this side. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Acceptance limits already contain the guard band. */
  readonly kind: 'tolerance' | 'acceptance';
}

export interface DecisionRule {
  /** `simple`: no guard band. `guarded`: pass or fail. `non-binary`: conditional within a guard band of the limit. */
  readonly kind: 'simple' | 'guarded' | 'non-binary';
  /** Absolute, in the unit of the limits; null where it is not stated. */
  readonly guardBand: number | null;
}

export interface ConformityPoint {
  /** What the limits are about: the error, or the value. */
  readonly value: number | null;
  /** The expanded uncertainty, as far as it is credible. */
  readonly expanded: number | null;
  /** At 95 %, for the test uncertainty ratio. */
  readonly expanded95: number | null;
  readonly limits: Limits | null;
  readonly stated: StatedConformity | null;
}

export interface PointConformity {
  readonly status: ConformityStatus;
  readonly recomputed: Recomputed;
  /** Even the most favourable value within U is outside the limits. */
  readonly isOutside: boolean;
  /** The stated pass is wrong under every decision rule: the only thing here that makes a verdict FAILED. */
  readonly isWrong: boolean;
  /** (upper - lower) / (2 U95); null if a limit or the uncertainty is missing. */
  readonly tur: number | null;
  /** Why nothing can be recomputed, as part of a sentence; null if it can. */
  readonly open: string | null;
}

export interface Conformity {
  readonly status: ConformityStatus;
  readonly outcome: 'sound' | 'note' | 'failed';
  /** The certificate names no decision rule: the simple one was assumed. */
  readonly isRuleAssumed: boolean;
  /** The smallest ratio of all points; null if the ratio of one point is unknown, because it could be smaller. */
  readonly tur: number | null;
  readonly points: readonly PointConformity[];
  /** The first point that decides the status; null if the statement about all points decides it. */
  readonly decisive: number | null;
}

/** Tolerance for the rounding of unit conversions. */
const SLACK = 1e-9;

/**
 * Recomputes the conformity of a result. A stated fail never changes traceability. A stated pass changes it only if even the most
 * favourable value within U is outside the limits.
 *
 * @param overall What the certificate states about all points together.
 */
export function conformityOf(
  points: readonly ConformityPoint[],
  rule: DecisionRule | null,
  overall: StatedConformity | null,
): Conformity | null {
  const hasAny = overall !== null || points.some(({ limits, stated }) => limits !== null || stated !== null);
  if (!hasAny) {
    return null;
  }
  const found = points.map((point) => conformityOfPoint(point, rule, overall === 'pass'));
  const contradicted = found.findIndex(({ status }) => status === 'contradicted');
  const recomputed = worstOf(found.map((each) => each.recomputed));
  const isContradicted = contradicted >= 0 || contradicts(overall, recomputed, points);
  const status = isContradicted ? 'contradicted' : isPassOnly(points, overall) ? 'stated-pass' : recomputed;
  const decisive = isContradicted ? contradicted : found.findIndex((each) => each.recomputed === recomputed);
  return {
    status,
    outcome: found.some(({ isWrong }) => isWrong) ? 'failed' : status === 'conforms' ? 'sound' : 'note',
    isRuleAssumed: rule === null,
    tur: least(found.map(({ tur }) => tur)),
    points: found,
    decisive: decisive < 0 ? null : decisive,
  };
}

function isPassOnly(points: readonly ConformityPoint[], overall: StatedConformity | null): boolean {
  return (
    points.every(({ limits }) => limits === null || (limits.lower === null && limits.upper === null)) &&
    points.every(({ stated }) => (stated ?? overall) === 'pass')
  );
}

function conformityOfPoint(point: ConformityPoint, rule: DecisionRule | null, allPass: boolean): PointConformity {
  // "All pass" is said about each of them.
  const stated = point.stated ?? (allPass ? 'pass' : null);
  const recomputed = recompute(point, rule, stated);
  const agrees =
    stated === null ||
    recomputed === 'undecidable' ||
    (AGREEING[stated].includes(recomputed) && isOnItsSide(stated, point, recomputed));
  const isOutside = isOutsideAtBest(point);
  return {
    status: agrees ? recomputed : 'contradicted',
    recomputed,
    isOutside,
    isWrong: (stated === 'pass' || allPass) && isOutside,
    tur: turOf(point),
    open: recomputed === 'undecidable' ? lacking(point) : null,
  };
}

const AGREEING: Readonly<Record<StatedConformity, readonly Recomputed[]>> = {
  pass: ['conforms'],
  fail: ['does-not'],
  conditionalPass: ['conditional'],
  conditionalFail: ['conditional'],
  noPass: ['conditional', 'does-not'],
  noFail: ['conditional', 'conforms'],
};

/** A conditional pass lies within the limits, a conditional fail beyond them: both are within the guard band. */
function isOnItsSide(stated: StatedConformity, point: ConformityPoint, recomputed: Recomputed): boolean {
  const isWithin = (excessOf(point) ?? NaN) <= 0;
  return (
    recomputed !== 'conditional' ||
    (stated === 'conditionalPass' ? isWithin : stated === 'conditionalFail' ? !isWithin : true)
  );
}

function recompute(point: ConformityPoint, rule: DecisionRule | null, stated: StatedConformity | null): Recomputed {
  const beyond = excessOf(point);
  const guard = guardOf(point.limits, rule);
  if (beyond === undefined || guard === undefined) {
    return 'undecidable';
  }
  if (rule === null && (stated === 'conditionalPass' || stated === 'conditionalFail')) {
    // Without the guard band, only the side of the limit is known.
    return (stated === 'conditionalPass') === beyond <= 0 ? 'conditional' : beyond <= 0 ? 'conforms' : 'does-not';
  }
  const slack = SLACK * sizeOf(point);
  if (beyond <= slack - guard) {
    return 'conforms';
  }
  return rule?.kind === 'non-binary' && beyond <= slack + guard ? 'conditional' : 'does-not';
}

function lacking(point: ConformityPoint): string {
  const { value, limits } = point;
  if (value === null) {
    return 'the row does not state what the limits are about';
  }
  if (limits === null || (limits.lower === null && limits.upper === null)) {
    return 'no limits are stated';
  }
  return excessOf(point) === undefined
    ? 'the limits contradict each other'
    : 'the guard band of the rule is not stated';
}

/** How far a value is outside its limits; negative inside, 0 on a limit (within rounding). */
function excessOf({ value, limits }: ConformityPoint): number | undefined {
  if (value === null || limits === null || (limits.lower === null && limits.upper === null)) {
    return undefined;
  }
  const lower = limits.lower ?? -Number.MAX_VALUE;
  const upper = limits.upper ?? Number.MAX_VALUE;
  if (![value, lower, upper].every(Number.isFinite) || lower > upper) {
    return undefined;
  }
  const beyond = Math.max(lower - value, value - upper);
  return Math.abs(beyond) <= SLACK * sizeOf({ value, limits }) ? 0 : beyond;
}

function sizeOf({ value, limits }: Pick<ConformityPoint, 'value' | 'limits'>): number {
  return Math.max(Math.abs(value ?? 0), Math.abs(limits?.lower ?? 0), Math.abs(limits?.upper ?? 0));
}

/** Undefined if the rule needs a guard band that is not stated. */
function guardOf(limits: Limits | null, rule: DecisionRule | null): number | undefined {
  if (rule === null || rule.kind === 'simple' || limits?.kind === 'acceptance') {
    return 0;
  }
  const { guardBand } = rule;
  return guardBand !== null && Number.isFinite(guardBand) && guardBand >= 0 ? guardBand : undefined;
}

function isOutsideAtBest(point: ConformityPoint): boolean {
  const beyond = excessOf(point);
  const { expanded } = point;
  return (
    beyond !== undefined &&
    expanded !== null &&
    expanded >= 0 &&
    beyond > expanded * (1 + SLACK) + SLACK * sizeOf(point)
  );
}

function turOf({ limits, expanded95 }: ConformityPoint): number | null {
  if (limits?.lower == null || limits.upper === null || expanded95 === null || !(expanded95 > 0)) {
    return null;
  }
  const tur = (limits.upper - limits.lower) / (2 * expanded95);
  return Number.isFinite(tur) && tur >= 0 ? tur : null;
}

const BY_WEIGHT: readonly Recomputed[] = ['does-not', 'undecidable', 'conditional', 'conforms'];

function worstOf(all: readonly Recomputed[]): Recomputed {
  return BY_WEIGHT.find((one) => all.includes(one)) ?? 'undecidable';
}

/** Compares the statement about all points with the points together; a pass was compared with each point before. */
function contradicts(
  overall: StatedConformity | null,
  recomputed: Recomputed,
  points: readonly ConformityPoint[],
): boolean {
  if (overall === null) {
    return false;
  }
  const saysFail = points.some(({ stated }) => stated === 'fail');
  const claimsNoFail = overall === 'pass' || overall === 'conditionalPass' || overall === 'noFail';
  if (saysFail && claimsNoFail) {
    return true;
  }
  if (overall === 'conditionalPass' && points.some((point) => (excessOf(point) ?? NaN) > 0)) {
    return true;
  }
  return overall !== 'pass' && recomputed !== 'undecidable' && !agreesWithAll(overall, recomputed);
}

/** Whether the points together may have this statement: "conditional pass" is also allowed if every point passes. */
function agreesWithAll(overall: StatedConformity, recomputed: Recomputed): boolean {
  return AGREEING[overall].includes(recomputed) || (overall === 'conditionalPass' && recomputed === 'conforms');
}

/** Null if one of them is unknown. */
function least(all: readonly (number | null)[]): number | null {
  return all.reduce((a, b) => (a === null || b === null ? null : Math.min(a, b)), all[0] ?? null);
}
