import type { Result } from '../../model/index.js';
import { cautiousU95 } from '../cmc/index.js';
import { credibleOf } from '../coverageFactors.js';
import { conformityOf } from '../conformity.js';
import type { Conformity } from '../conformity.js';
import type { OpenReport } from '../open/opened.js';
import type { Finding } from '../verdict.js';
import { whereOf } from './words.js';

/** The conformity of a result with a specification, from its own numbers; null if the certificate states none. */
export function conformityIn({ conformity, rows }: Result): Conformity | null {
  if (!conformity) {
    return null;
  }
  const { of, limits, stated = [], overall = null, rule } = conformity;
  const points = rows.map(({ value, error, uncertainty }, row) => ({
    value: of === 'error' ? (error ?? null) : value,
    expanded: uncertainty ? credibleOf(uncertainty) : null,
    expanded95: (uncertainty && cautiousU95(uncertainty)?.value) ?? null,
    limits: limits ? { kind: limits.kind, lower: limits.lower[row] ?? null, upper: limits.upper[row] ?? null } : null,
    stated: stated[row] ?? null,
  }));
  return conformityOf(points, rule ? { kind: rule.kind, guardBand: rule.guardBand ?? null } : null, overall);
}

/** Whether a device was out of its limits: its certificate states a fail, or the numbers leave no doubt. */
export function isOutOfLimits(result: Result): boolean {
  const { stated = [], overall } = result.conformity ?? {};
  return (
    overall === 'fail' ||
    stated.includes('fail') ||
    conformityIn(result)?.points.some(({ isOutside }) => isOutside) === true
  );
}

/** Whether a device was within its limits: at least one result states limits, and all that state limits conform. */
export function isWithinLimits(results: readonly Result[]): boolean {
  const stated = results.flatMap((result) => conformityIn(result) ?? []);
  return stated.length > 0 && stated.every(({ status }) => status === 'conforms' || status === 'stated-pass');
}

/** Conformity does not change the status, except for a stated pass that is wrong under every decision rule. */
export function conformityFindings({ id }: OpenReport, result: Result): readonly Finding[] {
  const found = conformityIn(result);
  if (found?.status !== 'contradicted') {
    return [];
  }
  const wrong = found.points.findIndex(({ isWrong }) => isWrong);
  const place = wrong < 0 ? found.decisive : wrong;
  const where = place === null ? result.name : `${result.name} at ${whereOf(result, place)}`;
  return [
    wrong < 0
      ? {
          check: 'conformity',
          outcome: 'note',
          reason: `Report ${id}, ${where}: what is stated about conformity contradicts the numbers.`,
        }
      : {
          check: 'conformity',
          outcome: 'failed',
          reason: `Report ${id}, ${where}: a pass is stated, but the value is outside the limits under every decision rule.`,
        },
  ];
}
