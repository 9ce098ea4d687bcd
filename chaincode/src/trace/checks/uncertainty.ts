import type { Result } from '../../model/index.js';
import { comparable, covers, isAtLeast, siPoints, supportOf, uncertaintyAt } from '../quantities.js';
import { failed, holds, missing } from './check.js';
import type { Check } from './check.js';

/**
 * No value is stated better than by the best of the standards that were calibrated there: u = U/k never falls along the
 * chain. Standards of an influence quantity may be worse; where none was calibrated, `range` says so.
 */
export const uncertainty: Check = {
  name: 'uncertainty',
  about: 'report',
  costly: true,
  examine({ report, parents }) {
    const { id } = report;
    const available = parents.flatMap(({ counted }) => counted);
    const found = report.counted.map((result) => ({ result, flaw: flawOf(result, comparable(result, available)) }));
    const better = found.find(({ flaw }) => flaw === 'better')?.result;
    if (better) {
      return failed(`Report ${id} states ${better.name} with a smaller uncertainty than its parents have.`);
    }
    const unsupported = found.find(({ flaw }) => flaw === 'unsupported')?.result;
    return unsupported
      ? missing(`Report ${id} gives ${unsupported.name} where its parents state no measurement uncertainty.`)
      : holds;
  },
};

function flawOf(result: Result, available: readonly Result[]): 'better' | 'unsupported' | undefined {
  const supports = available.map(supportOf);
  let unsupported = false;
  for (const { value, uncertainty: own } of siPoints(result)) {
    const covering = supports.filter((support) => covers(support, value));
    const known = covering.map((support) => uncertaintyAt(support, value)).filter((one) => one !== undefined);
    if (own !== null && known.length > 0 && !isAtLeast(own, Math.min(...known))) {
      return 'better';
    }
    unsupported ||= covering.length > 0 && known.length === 0;
  }
  return unsupported ? 'unsupported' : undefined;
}
