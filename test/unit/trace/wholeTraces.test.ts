import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import fc from 'fast-check';
import { asyncProperty } from '../../support/property.js';
import { PlannedWorkshop, plans, rankOf, statusesOf, units } from '../../support/randomWorkshop.js';

/** What a person reads of a verdict, without its numbers. */
function outcomesOf({ status, results, edges }: Verdict) {
  return {
    status,
    results: results.map((each) => [each.quantity, each.status, each.counted]),
    edges: edges.map((edge) => [edge.level, edge.report, edge.outcome]),
  };
}

function widened(result: Result, by: number): Result {
  return {
    ...result,
    rows: result.rows.map(({ uncertainty, ...row }) => ({
      ...row,
      uncertainty: uncertainty && { ...uncertainty, expanded: uncertainty.expanded * by },
    })),
  };
}

const factor = fc.constantFrom(1.02, 1.06, 1.5, 10, 1e6);

describe('Whole traces of random workshops', () => {
  let workshop: PlannedWorkshop;

  before(async () => {
    workshop = await PlannedWorkshop.open();
  });

  const RUNS = 10;

  it('reach every status', async () => {
    const seen = new Set<string>();
    for (const plan of fc.sample(plans, { numRuns: 20, seed: 5 })) {
      Object.values(statusesOf(await workshop.verdict(plan))).forEach((status) => seen.add(status));
    }
    assert.deepEqual([...seen].sort(), ['FAILED', 'INCOMPLETE', 'TRACEABLE']);
  });

  it('say the same whatever the units', async () => {
    await asyncProperty(
      fc.tuple(plans, units),
      async ([plan, stated]) => {
        const base = await workshop.verdict(plan);
        assert.deepEqual(outcomesOf(await workshop.verdict(plan, { units: stated })), outcomesOf(base), base.reason);
      },
      RUNS,
    );
  });

  it('are never better where a root is worse', async () => {
    await asyncProperty(
      fc.tuple(plans, fc.constantFrom('r0-r', 'r1-r', 'volt-r', 'ohm-r', 'kilo-r'), factor),
      async ([plan, root, by]) => {
        const [before, after] = [
          await workshop.verdict(plan),
          await workshop.verdict(plan, { result: (report, each) => (report === root ? widened(each, by) : each) }),
        ];
        assert.ok(rankOf(after.status) >= rankOf(before.status), `${before.reason} became ${after.reason}`);
        const was = statusesOf(before);
        for (const [kind, status] of Object.entries(statusesOf(after))) {
          assert.ok(rankOf(status) >= rankOf(was[kind]!), `${kind}: ${was[kind]} became ${status}`);
        }
      },
      RUNS,
    );
  });

  it('are never better at an edge whose standard is worse', async () => {
    await asyncProperty(
      fc.tuple(plans, fc.constantFrom('m0-r', 'm1-r', 'r0-r', 'r1-r'), factor),
      async ([plan, standard, by]) => {
        const own = (verdict: Verdict) =>
          verdict.edges
            .filter(({ level }) => level === 1)
            .flatMap(({ findings }) => findings.filter(({ check }) => check === 'support'))
            .reduce(
              (worst, { outcome }) => Math.max(worst, ['note', 'attested', 'missing', 'failed'].indexOf(outcome)),
              0,
            );
        const before = await workshop.verdict(plan);
        const after = await workshop.verdict(plan, {
          result: (report, each) => (report === standard ? widened(each, by) : each),
        });
        // A standard that claims less may stand where it did not, and what it measures besides stands with it.
        const stands = (verdict: Verdict) =>
          verdict.edges.every((edge) => edge.report !== standard || edge.outcome === 'sound');
        assert.ok(own(after) >= own(before) || (stands(after) && !stands(before)), after.reason);
      },
      RUNS,
    );
  });

  it('have no result that a further parent of another kind makes better', async () => {
    await asyncProperty(
      plans,
      async (plan) => {
        const [before, after] = [await workshop.verdict(plan), await workshop.verdict(plan, { more: ['other-r'] })];
        const was = statusesOf(before);
        for (const [kind, status] of Object.entries(statusesOf(after))) {
          assert.ok(rankOf(status) >= rankOf(was[kind]!), `${kind}: ${was[kind]} became ${status}`);
        }
      },
      RUNS,
    );
  });

  it('say the same in whatever order the rows stand', async () => {
    await asyncProperty(
      fc.tuple(plans, fc.nat({ max: 4 })),
      async ([plan, by]) => {
        const rotated = (_: string, result: Result): Result => ({
          ...result,
          rows: result.rows.map((__, place, all) => all[(place + by) % all.length]!),
        });
        const base = await workshop.verdict(plan);
        assert.deepEqual(outcomesOf(await workshop.verdict(plan, { result: rotated })), outcomesOf(base));
      },
      RUNS,
    );
  });
});
