import { changesOf } from './support/change.js';
import type { Versions } from './support/change.js';
import { decideSupport } from './support/decide.js';
import type { Source, SupportedResult } from './support/input.js';
import { isBelow } from './support/numbers.js';
import type { SupportPolicy } from './support/policy.js';
import type { ReasonCode } from './support/reasons.js';
import { roleOf } from './support/roles.js';
import { readRow } from './support/row.js';

export type { AmendedSource } from './support/change.js';

export interface AffectedRow {
  readonly row: number;
  /**
   * `moved`: by more than the part of u that the policy ignores. `wider`: the floor no longer holds. `lost`: the place is no longer
   * covered.
   */
  readonly why: 'moved' | 'wider' | 'lost';
  /** The effect of the change on the row, and the largest effect that would not have mattered. */
  readonly shift: number;
  readonly limit: number;
}

/**
 * The rows of a result that have to be reviewed after an amendment of one of its sources; empty after an administrative amendment.
 * This function looks at direct children only: a review of these leads to their own children.
 *
 * @param sources As the result used them, with the version that was amended.
 * @param amended Place of that version among them.
 */
export function affectedRows(
  result: SupportedResult,
  sources: readonly Source[],
  amended: number,
  versions: Versions,
  policy: SupportPolicy,
): readonly AffectedRow[] {
  const role = roleOf(versions.before, result);
  if (role === 'check' || role === 'after') {
    return [];
  }
  const now = decideSupport(result, sources.with(amended, versions.after), policy);
  const changeOf = changesOf(result, role, versions, policy);
  return result.rows.flatMap((row, index): readonly AffectedRow[] => {
    const readings = readRow(row, policy);
    if ('code' in readings) {
      return [];
    }
    const { lost, shift, grew } = changeOf(row, index, readings.stated);
    const limit = policy.amendedShift * readings.stated;
    const isBroken = now.rows[index]?.reasons.some(({ code }) => BROKEN.has(code)) ?? true;
    const why = lost ? 'lost' : isBelow(limit, shift) ? 'moved' : grew && isBroken ? 'wider' : undefined;
    return why ? [{ row: index, why, shift, limit }] : [];
  });
}

/** Whether the floor does not hold or cannot be computed. */
const BROKEN: ReadonlySet<ReasonCode> = new Set([
  'below-floor',
  'undeclared-below-single',
  'coverage-contradicts-open',
  'no-uncertainty-there',
  'not-computable',
]);
