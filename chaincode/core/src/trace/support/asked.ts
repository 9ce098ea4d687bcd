import { mainOf, NO_ERRORS, reportOf } from './errors.js';
import type { Errors } from './errors.js';
import type { ResultRow, Role, Source, SupportedResult } from './input.js';
import { combinedBest, isBelow, isPositive } from './numbers.js';
import type { Covered } from './nodes.js';
import type { SupportPolicy } from './policy.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';

/** A result and its sources. */
export interface Asked {
  readonly result: SupportedResult;
  readonly sources: readonly UsedSource[];
  readonly policy: SupportPolicy;
}

export interface UsedSource extends Source {
  /** Place among the sources. */
  readonly index: number;
  readonly role: Role;
}

export type Position = Covered | 'zero';

/** The uncertainty that a source gives a row; two numbers if it depends on an argument that the row leaves open. */
export interface UsedUncertainty {
  readonly source: number;
  readonly low: number;
  readonly high: number;
}

/** The assessment of a row by the method class, before its own uncertainty is compared with it. */
export interface Assessment {
  readonly position: Position;
  /** The floor that is shown; null without one. */
  readonly floor: number | null;
  /** Below it the row fails, whatever the laboratory declares. */
  readonly fails: number | null;
  /** Below it the row is incomplete until the laboratory declares its method. */
  readonly caution: number | null;
  /** Below it a note is made: the largest floor that the sources allow. */
  readonly high: number | null;
  readonly references: readonly UsedUncertainty[];
  /** The nearest place that its sources cover, with the value last; null: its own place, or unknown. */
  readonly nearest: readonly number[] | null;
  /** The errors that the row takes over from its sources, in its unit. */
  readonly errors: Errors;
  readonly reasons: readonly Reason[];
}

/** A method class: prepared once a result, asked for every row. */
export interface MethodClass {
  /** About the result as a whole. */
  readonly reasons: readonly Reason[];
  assess(row: ResultRow, index: number): Assessment;
}

export const NO_FLOOR = {
  floor: null,
  fails: null,
  caution: null,
  high: null,
  references: [],
  nearest: null,
  errors: NO_ERRORS,
} as const;

/** Numbers of one report are not independent: each report counts once, with its smallest uncertainty. */
function bestByReport(all: readonly { readonly report: string; readonly u: number }[]): readonly number[] {
  const best = new Map<string, number>();
  for (const { report, u } of all) {
    if (isPositive(u)) {
      best.set(report, Math.min(best.get(report) ?? Infinity, u));
    }
  }
  return [...best.values()].sort((a, b) => a - b);
}

/** NaN for an empty list. Sums are sorted, so that the order of the sources never changes the last bit. */
export function groupFloor(all: readonly { readonly report: string; readonly u: number }[]): number {
  const best = bestByReport(all);
  return best.length > 0 ? combinedBest(best) : NaN;
}

/** Why a floor is higher than it would be without common errors of the sources. */
export function sharedReasons(all: readonly Errors[], apart: number, floor: number): readonly Reason[] {
  const main = isPositive(apart) && isPositive(floor) && isBelow(apart, floor) ? mainOf(all) : undefined;
  return main === undefined ? [] : [reason('shared-errors', { name: reportOf(main), u: apart, floor })];
}
