import assert from 'node:assert/strict';
import { plusDays, STRICT_CHECKS } from '@tracecal/core/model';
import type { Requirements } from '@tracecal/core/model';
import { VERDICT_STATUSES } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import fc from 'fast-check';
import { AS_OF } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { naiveStatus } from '../../support/naiveTrace.js';
import { asyncProperty } from '../../support/property.js';
import { build, plans } from '../../support/randomHierarchy.js';

const days = fc.integer({ min: 1, max: 600 });
const bodies: fc.Arbitrary<Requirements> = fc.record(
  {
    intervals: fc
      .constantFrom('temperature', 'mass')
      .chain((quantity) => days.map((each) => [{ quantity, days: each }])),
    intervalDays: days,
    graceDays: days,
    dueSoonDays: days,
    accreditation: fc.constantFrom('accept', 'attested', 'refuse'),
    conformity: fc.constantFrom('stated', 'conforms'),
    minimumTur: fc.constantFrom(1, 4),
    strict: fc.constantFrom(...STRICT_CHECKS).map((check) => [check]),
    maxAgeSeconds: fc.integer({ min: 60, max: 86_400 }),
  },
  { requiredKeys: [] },
);
/** By owner, each for all of its devices. */
const said = fc.array(fc.tuple(fc.constantFrom('nmi-north', 'nmi-south', 'lab-alpha', 'lab-beta', 'oem-a'), bodies), {
  maxLength: 5,
});

const severity = ({ status }: Pick<Verdict, 'status'>) => VERDICT_STATUSES.indexOf(status);

async function verdicts(hierarchy: Hierarchy, devices: readonly string[]): Promise<readonly Verdict[]> {
  const all: Verdict[] = [];
  for (const device of devices) {
    all.push(await hierarchy.trace(device));
  }
  return all;
}

function withoutGrace([owner, body]: readonly [string, Requirements]): readonly [string, Requirements] {
  return [owner, Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'graceDays'))];
}

/** Nothing more can be said by who is lost. */
function say(hierarchy: Hierarchy, owner: string, body: Requirements, registered = '2024-12-02T00:00:00Z'): void {
  if (hierarchy.organisations.has(owner)) {
    hierarchy.require(owner, body, { registered });
  }
}

/** Where newer calibrations say nothing, an older one counts until it is overdue: by its owner's own word it is not asked then. */
function hasLapsed({ findings }: Verdict): boolean {
  return findings.some(({ reason }) => reason.endsWith('its recalibration is overdue.'));
}

/** Asserts that nothing which owners require makes a verdict better than it is without. */
function neverBetter(before: readonly Verdict[], after: readonly Verdict[]): void {
  after.forEach((verdict, place) => {
    const unasked = before[place]!;
    if (hasLapsed(verdict) && !hasLapsed(unasked)) {
      return;
    }
    assert.ok(severity(verdict) >= severity(unasked), `${verdict.device}: ${verdict.reason}`);
    assert.ok(verdict.requirements?.fulfilled !== true || severity(verdict) <= 1, verdict.reason);
    verdict.results.forEach((result, each) => {
      assert.ok(severity(result) >= severity(unasked.results[each]!), result.reason);
    });
  });
}

/** Intervals and grace of temperature, as an owner sets them in the course of a year. */
const policies = fc.array(
  fc.record({
    owner: fc.constantFrom('nmi-north', 'nmi-south', 'lab-alpha', 'lab-beta', 'oem-a'),
    after: fc.integer({ min: 0, max: 400 }),
    body: fc.record(
      { intervals: days.map((each) => [{ quantity: 'temperature', days: each }]), intervalDays: days, graceDays: days },
      { requiredKeys: [] },
    ),
  }),
  { maxLength: 6 },
);

describe("Owners' requirements on random hierarchies", () => {
  it('decides as a naive reading of the rules does', async () => {
    const seen = new Set<string>();
    await asyncProperty(
      fc.tuple(plans, policies),
      async ([plan, all]) => {
        const { hierarchy, devices } = await build(plan);
        const inOrder = all.toSorted((one, other) => one.after - other.after);
        for (const { owner, after, body } of inOrder) {
          say(hierarchy, owner, body, `${plusDays('2024-12-02', after)}T00:00:00Z`);
        }
        for (const device of devices) {
          const verdict = await hierarchy.trace(device);
          assert.equal(verdict.status, naiveStatus(hierarchy, device, AS_OF), `${device}: ${verdict.reason}`);
          seen.add(verdict.check ?? '');
        }
      },
      30,
    );
    assert.ok(seen.has('interval'), 'something was overdue');
  });

  it('never makes a status better, but for the grace of an interval', async () => {
    await asyncProperty(
      fc.tuple(plans, said),
      async ([plan, all]) => {
        const { hierarchy, devices } = await build(plan);
        const before = await verdicts(hierarchy, devices);
        for (const [owner, body] of all.map(withoutGrace)) {
          say(hierarchy, owner, body);
        }
        neverBetter(before, await verdicts(hierarchy, devices));
      },
      15,
    );
  });

  it('never makes a status better than it is without any interval, with any grace', async () => {
    await asyncProperty(
      fc.tuple(plans, said),
      async ([plan, all]) => {
        const unlimited = plan.devices.map((device) => ({ ...device, intervalDays: null }));
        const { hierarchy, devices } = await build({ ...plan, devices: unlimited });
        const before = await verdicts(hierarchy, devices);
        for (const [owner, body] of all) {
          say(hierarchy, owner, body);
        }
        neverBetter(before, await verdicts(hierarchy, devices));
      },
      15,
    );
  });
});
