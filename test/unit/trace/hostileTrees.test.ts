import assert from 'node:assert/strict';
import { hostileTree } from '../../support/hostileTree.js';
import type { TreeShape } from '../../support/hostileTree.js';
import type { Workshop } from '../../support/workshop.js';

/** Comparisons that one trace may make. */
const BUDGET = 500_000;

/** Counts how often somebody looks at a result to hold another against it. */
function lookCounter({ hierarchy: { resultsOfReports } }: Workshop): () => number {
  let looks = 0;
  for (const [report, kinds] of resultsOfReports) {
    const counted = Array.from(kinds, ([kind, results]) => {
      const own = results.map(({ name, ...rest }) =>
        Object.defineProperty({ ...rest }, 'name', { enumerable: true, get: () => ((looks += 1), name) }),
      );
      return [kind, own] as const;
    });
    resultsOfReports.set(report, new Map(counted) as never);
  }
  return () => looks;
}

const TREES: readonly (readonly [string, TreeShape])[] = (
  [
    ['direct', 'reference'],
    ['group', 'reference'],
    ['scaled', 'reference'],
    ['general', 'input'],
  ] as const
).map(([method, role]) => [
  `of two parents a level, each of which ${method} results use 32 times`,
  { levels: 3, width: 2, results: 64, rows: 1, uses: 64, method, role },
]);

describe('The work that a tree of many results makes', function () {
  this.timeout(60_000);

  for (const [title, shape] of [
    ...TREES,
    ['of 16 parents a level', { levels: 2, width: 16, results: 64, rows: 1, uses: 16, method: 'direct' }] as const,
  ]) {
    it(`is bounded in one ${title}`, async () => {
      const workshop = await hostileTree(shape);
      const looks = lookCounter(workshop);
      const { status, reason } = await workshop.hierarchy.trace('traced');
      assert.equal(status, 'INCOMPLETE');
      assert.match(reason, /have more results than one trace compares: ask about one value of dc-voltage \(--at 1\)/);
      assert.ok(looks() <= BUDGET / 3, `${looks()} looks`);
    });
  }
});
