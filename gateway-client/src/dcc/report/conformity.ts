import type { ResultConformity } from '@tracecal/core/model';
import type { DraftConformity, Limit } from '../draft/index.js';

/** A certificate's statement about a result's conformity, in the form of a report; undefined if the certificate states none. */
export function conformityRecord(draft: DraftConformity | null, rows: number): ResultConformity | undefined {
  if (!draft) {
    return undefined;
  }
  const limits = limitsRecord(draft.limits, rows);
  const rule = ruleRecord(draft.decisionRule);
  const stated: Omit<ResultConformity, 'of'> = {
    ...(limits && { limits: limits.limits }),
    ...(draft.stated.some((each) => each !== null) && { stated: draft.stated }),
    ...(draft.certificate !== null && { overall: draft.certificate }),
    ...(rule && { rule }),
  };
  return Object.keys(stated).length === 0 ? undefined : { of: limits?.of ?? 'error', ...stated };
}

type Limits = NonNullable<ResultConformity['limits']>;

/**
 * One pair of limits. If a certificate states several: those of the error, and among them the tolerance, which is wider. So
 * a result does not fail because of a guard band that did not apply to it.
 */
function limitsRecord(
  all: readonly Limit[],
  rows: number,
): { readonly of: ResultConformity['of']; readonly limits: Limits } | undefined {
  const of = all.some((limit) => limit.of === 'error') ? 'error' : 'value';
  const own = all.filter((limit) => limit.of === of);
  const wider = own.filter(({ kind }) => kind !== 'acceptance');
  const kind = wider.length > 0 ? 'tolerance' : 'acceptance';
  const taken = wider.length > 0 ? wider : own;
  const none: readonly null[] = Array.from({ length: rows }, () => null);
  const [lower, upper] = (['lower', 'upper'] as const).map(
    (side) => taken.find((limit) => limit.side === side)?.values,
  );
  return lower || upper ? { of, limits: { kind, lower: lower ?? none, upper: upper ?? none } } : undefined;
}

const RULES: readonly (readonly [RegExp, NonNullable<ResultConformity['rule']>['kind']])[] = [
  [/non-?binary|nicht-?binär/i, 'non-binary'],
  [/guard(?:ed| ?band)|schutzabstand/i, 'guarded'],
  [/simple (?:acceptance|rule)|einfache (?:akzeptanz|annahme)|shared risk/i, 'simple'],
];

/** A rule in unrecognised words stays unnamed: the simple rule is used then, and the verdict reports that. */
function ruleRecord(words: string | null): ResultConformity['rule'] {
  const kind = RULES.find(([pattern]) => pattern.test(words ?? ''))?.[1];
  return kind && { kind };
}
