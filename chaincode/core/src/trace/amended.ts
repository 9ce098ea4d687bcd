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
  /** `moved`: by more than the policy's part of u. `wider`: the floor does not hold any more. `lost`: not covered any more. */
  readonly why: 'moved' | 'wider' | 'lost';
  /** What the change does to the row, and what would not have mattered. */
  readonly shift: number;
  readonly limit: number;
}

/**
 * The rows of a result that have to be reviewed since a source of it was amended; none after an administrative amendment.
 * Only direct children are asked: theirs inherit what follows.
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
  const { use } = versions.before;
  const now = decideSupport(result, sources.with(amended, { ...versions.after, use }), policy);
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

/** The floor does not hold, or cannot be told. */
const BROKEN: ReadonlySet<ReasonCode> = new Set([
  'below-floor',
  'undeclared-below-single',
  'coverage-contradicts-open',
  'no-uncertainty-there',
  'not-computable',
]);
