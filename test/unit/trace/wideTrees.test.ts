import assert from 'node:assert/strict';
import { Budget, traceCal, traceOptions } from '@tracecal/core/trace';
import { hostileTree } from '../../support/hostileTree.js';
import type { TreeShape } from '../../support/hostileTree.js';

/** Comparisons that one trace may make. */
const BUDGET = 500_000;

async function traced(shape: Pick<TreeShape, 'rows' | 'method' | 'uses' | 'kinds'>) {
  const { hierarchy } = await hostileTree({ ...shape, levels: 7, width: 1, results: 64 });
  const budget = new Budget();
  const options = traceOptions({ asOf: '2026-01-01T00:00:00Z' });
  const { status } = await traceCal(hierarchy, hierarchy.idOf('device', 'traced'), options, budget);
  return { status, comparisons: budget.granted.comparisons };
}

/** As a multifunction calibrator has them. */
describe('A chain of 7 levels with 64 results each', function () {
  this.timeout(60_000);

  for (const [title, shape] of [
    ['of one kind that declare nothing', { method: null, uses: 0 }],
    ['of one kind that declare a comparison', { method: 'direct', uses: 1 }],
  ] as const) {
    it(`leaves room in its budget: ${title}`, async () => {
      const { status, comparisons } = await traced({ ...shape, rows: 1 });
      assert.equal(status, 'TRACEABLE');
      assert.ok(comparisons < 0.6 * BUDGET, `${comparisons} comparisons`);
    });

    it(`traces with 8 rows each: ${title.replace('one kind', 'four kinds')}`, async () => {
      const kinds = ['dc-voltage', 'dc-current', 'resistance', 'mass'] as const;
      assert.equal((await traced({ ...shape, rows: 8, kinds })).status, 'TRACEABLE');
    });
  }
});
