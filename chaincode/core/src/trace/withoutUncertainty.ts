import type { Result } from '../model/index.js';
import { isUsable, siPoints } from './quantities.js';

/** Kinds of quantity for which a report states no usable uncertainty, with their results. */
export function unusableKinds(results: ReadonlyMap<string, readonly Result[]>): readonly string[] {
  return [...results].flatMap(([kind, all]) => (all.some(hasUsable) ? [] : [kind]));
}

function hasUsable(result: Result): boolean {
  return siPoints(result).some(isUsable);
}

/** The finding about these kinds, with the remedy. */
export function withoutUncertainty(
  { id, results }: { readonly id: string; readonly results: ReadonlyMap<string, readonly Result[]> },
  kinds: readonly string[],
): string {
  const given = kinds.flatMap((kind) => results.get(kind) ?? []);
  const rows = given.flatMap((result) => result.rows);
  const named = kinds.join(' and ');
  if (given.length > 0 && given.every(({ asFound }) => asFound)) {
    return `Report ${id} gives ${named} only as found before an adjustment, and nothing can rest on that: amend it with what was found afterwards, or, if nothing was adjusted, with the same results not marked as found (mapping file: asFound).`;
  }
  return rows.some(({ value, uncertainty }) => value === null && uncertainty)
    ? `Report ${id} states no values of ${named}, only deviations from them: amend it with the values at which they hold (mapping file: arguments, role reference).`
    : `Report ${id} states no measurement uncertainty of ${named} that can be used: amend it with U and its coverage factor k; where a certificate states U alone, tell k (mapping file: coverage).`;
}
