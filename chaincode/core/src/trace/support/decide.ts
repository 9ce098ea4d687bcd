import type { Asked, Assessment, MethodClass, UsedSource } from './asked.js';
import { CLASSES, isPropagated } from './classes.js';
import { declarationReasons } from './declaration.js';
import { NO_ERRORS } from './errors.js';
import type { ResultRow, Source, SupportedResult } from './input.js';
import { isPositive } from './numbers.js';
import { worseOf, worstOf } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { SupportPolicy } from './policy.js';
import { contributorsOf } from './propagated.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { isReference } from './references.js';
import { roleOf, roleReasons } from './roles.js';
import { isCounted, isZero, judge, lacksValue, readRow } from './row.js';
import type { RowFinding } from './row.js';

export interface ResultFinding {
  /** The worst outcome of everything that counts. */
  readonly outcome: Outcome;
  /** Reasons about the result as a whole: its sources by their roles, its declaration. */
  readonly reasons: readonly Reason[];
  readonly rows: readonly RowFinding[];
  /** The first row with the outcome of the result; null if no row counts. */
  readonly decisive: number | null;
  /** Rows without a usable uncertainty. */
  readonly uncounted: readonly number[];
}

/**
 * Decides how the sources of a result support it. Pure and deterministic. A floor is necessary, never sufficient: drift, method and
 * operator are the laboratory's responsibility, and it signs what it declares.
 */
export function decideSupport(
  stated: SupportedResult,
  sources: readonly Source[],
  policy: SupportPolicy,
): ResultFinding {
  const used = sources.map((source, index) => ({ ...source, index, role: roleOf(source, stated) }));
  const result = { ...stated, accredited: stated.accredited && !contradictsAccreditation(stated, used) };
  const asked: Asked = { result, sources: used, policy };
  const method = hasReferences(asked) ? CLASSES[result.method](asked) : undefined;
  const reasons = [
    ...roleReasons(asked),
    ...declarationReasons(asked),
    ...(method?.reasons ?? [reason(result.accredited ? 'no-reference-accredited' : 'no-reference')]),
  ];
  const shared = worstOf(reasons);
  const rows = result.rows.map((row, index) => {
    const found = result.only?.has(index) === false ? NOT_ASKED : decideRow(asked, method, row, index);
    return { ...found, outcome: worseOf(shared, worstOf(found.reasons)) };
  });
  const counted = rows.filter((row) => row.counted);
  const outcome = counted.length > 0 ? worstOf(counted) : worseOf('missing', worstOf(reasons));
  const decisive = rows.findIndex((row) => row.counted && row.outcome === outcome);
  return {
    outcome,
    reasons,
    rows,
    decisive: decisive < 0 ? null : decisive,
    uncounted: rows.flatMap((row, index) => (row.counted ? [] : [index])),
  };
}

/** An accreditation may replace standards that are not shown, never one that is shown and does not hold. */
function contradictsAccreditation({ kind }: SupportedResult, sources: readonly UsedSource[]): boolean {
  return sources.some(
    (source) =>
      source.outcome === 'failed' || (source.role === 'reference' && source.kind !== null && source.kind !== kind),
  );
}

/** Whether there is anything to compare a row with. */
function hasReferences(asked: Asked): boolean {
  const { method } = asked.result;
  if (method === 'natural') {
    return true;
  }
  return isPropagated(method)
    ? contributorsOf(asked).length > 0
    : asked.sources.some((source) => isReference(source, asked));
}

type Found = Omit<RowFinding, 'outcome'>;

function decideRow({ result, policy }: Asked, method: MethodClass | undefined, row: ResultRow, index: number): Found {
  const readings = readRow(row, policy);
  if ('code' in readings) {
    return { ...EMPTY, counted: isCounted(readings), reasons: [readings] };
  }
  const stated = { ...EMPTY, u: readings.stated };
  if (!method) {
    return stated;
  }
  if (lacksValue(result, row)) {
    return { ...stated, reasons: [reason('value-missing')] };
  }
  const assessment = method.assess(row, index);
  if (isZero(result, row) && result.method !== 'natural') {
    const { errors, nearest } = assessment;
    return { ...stated, floor: floorAtZero(assessment), position: 'zero', nearest, errors, reasons: [reason('zero')] };
  }
  const { floor, position, references, nearest, errors } = assessment;
  const isKnown = floor !== null && isPositive(floor);
  return {
    counted: true,
    u: readings.stated,
    floor: isKnown ? floor : null,
    ratio: isKnown ? readings.stated / floor : null,
    position,
    references,
    nearest,
    errors,
    reasons: [...assessment.reasons, ...judge(assessment, readings, policy)],
  };
}

/** A zero needs no floor, but results that rest on it do: the floor of the references, which may be calibrated at zero too. */
function floorAtZero({ floor, position }: Assessment): number | null {
  return position !== 'outside' && floor !== null && isPositive(floor) ? floor : null;
}

const EMPTY: Found = {
  counted: true,
  reasons: [],
  u: null,
  floor: null,
  ratio: null,
  position: null,
  references: [],
  nearest: null,
  errors: NO_ERRORS,
};

const NOT_ASKED: Found = { ...EMPTY, counted: false };
