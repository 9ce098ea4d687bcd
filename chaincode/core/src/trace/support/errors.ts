import { relatedKind } from '../../model/index.js';
import { isPositive, rootSumSquares, sumOf } from './numbers.js';

/*
 * The origin of an error. The part that a report adds is independent of all other reports; the part that it takes over from its
 * references is shared with everything else that rests on them. So two results are correlated by the errors that both took over, and a
 * sum, a mean or a ratio of them is no better than these.
 */

/** Signed contributions to an error, by the reports that they come from; those of one report are added. */
export type Errors = ReadonlyMap<string, number>;

export const NO_ERRORS: Errors = new Map();

/** Contributions that together add less than this part of the variance stay with the report that states them. */
const NEGLIGIBLE = 1e-4;

/** A report's results of a kind, and of kinds that follow exactly from it, have one common error. */
export function ownErrors({ report, kind: own }: { readonly report: string; readonly kind: string | null }): Errors {
  const { kind, isFalling } = own === null ? { kind: own, isFalling: false } : relatedKind(own);
  return new Map([[JSON.stringify([report, kind]), isFalling ? -1 : 1]]);
}

/** The report of a contribution. */
export function reportOf(key: string): string {
  const [report] = JSON.parse(key) as readonly [string, string | null];
  return report;
}

export function timesErrors(errors: Errors, factor: number): Errors {
  if (factor === 1 || errors.size === 0) {
    return errors;
  }
  const all = new Map<string, number>();
  for (const [key, part] of errors) {
    all.set(key, part * factor);
  }
  return all;
}

/** Sorted, so that the order of the terms never changes the last bit. */
export function sumOfErrors(all: readonly Errors[]): Errors {
  const [first] = all;
  if (first && all.length === 1) {
    return first;
  }
  const parts = new Map<string, number[]>();
  for (const errors of all) {
    for (const [key, part] of errors) {
      const known = parts.get(key);
      if (known) {
        known.push(part);
      } else {
        parts.set(key, [part]);
      }
    }
  }
  return new Map(Array.from(parts, ([key, each]) => [key, sumOf(each)]));
}

/** The covariance of two errors. */
export function covarianceOf(a: Errors, b: Errors): number {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  const products: number[] = [];
  for (const [key, part] of few) {
    const other = many.get(key);
    if (other !== undefined) {
      products.push(part * other);
    }
  }
  return sumOf(products);
}

/** The contribution that correlates several results most; undefined if they are not correlated. */
export function mainOf(all: readonly Errors[]): string | undefined {
  const squares = sumOfErrors(all.map((errors) => new Map(Array.from(errors, ([key, part]) => [key, part * part]))));
  let [main, most]: [string | undefined, number] = [undefined, 0];
  for (const [key, sum] of sumOfErrors(all)) {
    const shared = sum * sum - (squares.get(key) ?? 0);
    if (shared > most || (shared === most && main !== undefined && key < main)) {
      [main, most] = [key, shared];
    }
  }
  return main;
}

/** The correlations of a stated value with the errors that it took over; the rest is its own error. */
export function correlationsOf(taken: Errors, u: number, own: Errors): Errors {
  const all = rootSumSquares([...taken.values()].sort((a, b) => a - b));
  const size = Math.max(u, all);
  if (!isPositive(size) || !isPositive(all)) {
    return own;
  }
  const kept = new Map<string, number>();
  let left = 0;
  for (const [key, part] of [...taken].sort(([a, x], [b, y]) => Math.abs(x) - Math.abs(y) || (a < b ? -1 : 1))) {
    left += (part / size) * (part / size);
    if (left >= NEGLIGIBLE) {
      kept.set(key, part / size);
    }
  }
  const rest = 1 - sumOf(Array.from(kept.values(), (part) => part * part));
  return rest < NEGLIGIBLE ? kept : sumOfErrors([kept, timesErrors(own, Math.sqrt(rest))]);
}
