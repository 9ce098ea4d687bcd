import type { Decision } from './open/ownership.js';

/** The place of a report in {@link spansOf}, and the end of its amendments. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The accepted reports after whose calibration the device was adjusted or repaired: they no longer describe it. Several reports of one
 * day after one adjustment do not replace one another. An amendment is about the same work as the report that it amends.
 *
 * Nobody has to have signed what a record from outside holds, so no report is compared with all others.
 *
 * @param accepted Newest first, each report once.
 */
export function adjustedSince(accepted: readonly Decision[]): ReadonlySet<Decision> {
  const spans = spansOf(accepted);
  const adjustments = accepted
    .flatMap(({ report, performed, adjusted }, place) =>
      adjusted ? [{ performed, place, from: spans.get(report)?.from ?? 0 }] : [],
    )
    .sort((a, b) => (a.performed === b.performed ? a.place - b.place : a.performed < b.performed ? 1 : -1));
  const [least, most] = [running(adjustments, Math.min), running(adjustments, Math.max)];
  return new Set(
    accepted.filter(({ report, performed, adjusted }, place) => {
      const count = countWhile(
        adjustments,
        (each) => each.performed > performed || (each.performed === performed && each.place < place && !adjusted),
      );
      const { from, to } = spans.get(report) ?? { from: 0, to: 0 };
      return count > 0 && ((least[count - 1] ?? from) < from || (most[count - 1] ?? from) >= to);
    }),
  );
}

/** Numbers the reports so that those between the ends of a span are the report, its amendments, their amendments and so on. */
function spansOf(accepted: readonly Decision[]): ReadonlyMap<string, Span> {
  const amendments = new Map<string, string[]>(accepted.map(({ report }) => [report, []]));
  const first: string[] = [];
  for (const { report, supersedes = '' } of accepted) {
    (amendments.get(supersedes) ?? first).push(report);
  }
  const begun = new Map<string, number>();
  const spans = new Map<string, Span>();
  // Reports that amend one another in a circle come last, as the contract takes in none.
  for (const root of [...first, ...amendments.keys()]) {
    const open = begun.has(root) ? [] : [root];
    for (let report = open.at(-1); report !== undefined; report = open.at(-1)) {
      const from = begun.get(report);
      if (from === undefined) {
        begun.set(report, begun.size);
        open.push(...(amendments.get(report) ?? []).filter((each) => !begun.has(each)));
      } else {
        open.pop();
        spans.set(report, { from, to: begun.size });
      }
    }
  }
  return spans;
}

/** The least or the largest number of the first one, of the first two, and so on. */
function running(
  all: readonly { readonly from: number }[],
  choose: (one: number, other: number) => number,
): readonly number[] {
  const found: number[] = [];
  for (const { from } of all) {
    found.push(choose(found.at(-1) ?? from, from));
  }
  return found;
}

/** The number of leading items for which this holds; it holds for no item after one for which it does not. */
function countWhile<T>(all: readonly T[], holds: (each: T) => boolean): number {
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const each = all[middle];
    [from, to] = each !== undefined && holds(each) ? [middle + 1, to] : [from, middle];
  }
  return from;
}
