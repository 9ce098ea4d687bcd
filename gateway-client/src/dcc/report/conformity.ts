import type { ResultConformity } from '@tracecal/core/model';
import type { DraftConformity, Limit } from '../draft/index.js';

/** What a certificate says about a result's conformity, as a report records it; undefined if that is nothing. */
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
 * One pair of limits. Where a certificate states several, those of the error, and the tolerance, which is the wider: nothing
 * fails for a guard band that it did not have to keep.
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

/** A rule in words of which nothing is recognised stays unnamed: the simple one is taken then, and the verdict says so. */
function ruleRecord(words: string | null): ResultConformity['rule'] {
  const kind = RULES.find(([pattern]) => pattern.test(words ?? ''))?.[1];
  return kind && { kind };
}
