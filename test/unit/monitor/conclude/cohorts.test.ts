import assert from 'node:assert/strict';
import { findingId, findingShape, MAX_PROPOSED } from '@tracecal/core/contracts';
import type { Finding } from '@tracecal/core/contracts';
import { shapeOf } from '@tracecal/core/model';
import { cohortFindings, commonStandards, outbreakFindings, releaseFindings } from '@tracecal/gateway-client/monitor';
import { digest } from '../../../support/findings.js';
import { daysBefore, Fleet, FLEET_COHORTS, TODAY } from '../../../support/fleet.js';
import { runSeed } from '../../../support/seed.js';

const SEEDS = Array.from({ length: 20 }, (_, index) => (runSeed + index * 7919) | 0);
const MANY = Array.from({ length: 100 }, (_, index) => (runSeed + index * 104_729) | 0);
const by = FLEET_COHORTS;

const cohortsOf = (findings: readonly Finding[]) => findings.map(({ subject }) => subject.id);

/** A rate that is at most what is promised shows more than that, by five standard deviations, once in some millions of runs. */
function assertNoMoreThan(alarms: number, looks: number, promised: number): void {
  const expected = looks * promised;
  assert.ok(alarms <= expected + 5 * Math.sqrt(expected) + 1, `${alarms} false alarms in ${looks} looks`);
}

describe('Proposals for cohorts', () => {
  it('blame no cohort of an honest fleet more often than they say, over 100 fleets', () => {
    for (const falseAlarms of [0.05, 0.001]) {
      const alarms = MANY.filter((seed) => {
        const fleet = new Fleet(seed);
        return cohortFindings(fleet.instruments, fleet.honest(), { by, falseAlarms }).length > 0;
      });
      assertNoMoreThan(alarms.length, MANY.length, falseAlarms);
    }
  });

  it('see no outbreak in an honest fleet more often than they say, over 100 fleets', () => {
    for (const falseAlarms of [0.05, 0.001]) {
      const alarms = MANY.filter((seed) => {
        const fleet = new Fleet(seed);
        return outbreakFindings(fleet.instruments, fleet.honest(0.1, 63), { by, at: TODAY, falseAlarms }).length > 0;
      });
      assertNoMoreThan(alarms.length, MANY.length, falseAlarms);
    }
  });

  for (const [name, value, share] of [
    ['batch', 'B7', 0.5],
    ['firmware', 'M2-1.1', 0.5],
    ['laboratory', 'lab-3', 0.25],
    ['model', 'M1', 0.25],
    ['site', 'site-2', 0.25],
  ] as const) {
    it(`propose to quarantine a bad ${name} as one, and blame nothing else, in most of 20 fleets`, () => {
      const right = SEEDS.filter((seed) => {
        const fleet = new Fleet(seed);
        const bad = fleet.instruments.filter((instrument) => instrument[name] === value);
        const findings = [...fleet.honest(), ...fleet.of(bad, share)];
        const proposed = cohortFindings(fleet.instruments, findings, { by });
        for (const finding of proposed) shapeOf(findingShape, 'finding', finding);
        const [first] = proposed;
        return (
          proposed.length === 1 &&
          first?.subject.id === `${name}=${value}` &&
          first.proposes?.action === 'quarantine' &&
          first.proposes.devices.length === bad.length
        );
      });
      // With a probability of 0.95 each, fewer than 14 of 20 show it less than once in 30,000 runs.
      assert.ok(right.length >= 14, `found alone with ${right.length} of ${SEEDS.length} seeds`);
    });
  }

  it('find two bad cohorts at once', () => {
    const right = SEEDS.filter((seed) => {
      const fleet = new Fleet(seed);
      const bad = (batch: string) =>
        fleet.of(
          fleet.instruments.filter((each) => each.batch === batch),
          0.6,
        );
      const findings = [...fleet.honest(), ...bad('B3'), ...bad('B8')];
      const found = cohortsOf(cohortFindings(fleet.instruments, findings, { by }));
      return found.includes('batch=B3') && found.includes('batch=B8');
    });
    assert.ok(right.length >= 14, `both found with ${right.length} of ${SEEDS.length} seeds`);
  });

  it('find a fault of the whole fleet, beside which there are no others', () => {
    const fleet = new Fleet(runSeed, 100);
    const same = fleet.instruments.map(({ device }) => ({ device, model: 'M' }));
    const [first] = cohortFindings(same, fleet.of(fleet.instruments, 0.5), { by: ['model'] });
    assert.equal(first?.subject.id, 'model=M');
    assert.deepEqual(cohortFindings(same, fleet.of(fleet.instruments, 0.03), { by: ['model'], falseAlarms: 1e-6 }), []);
  });

  it('are the same for the same evidence, and are not made again while the quarantine lasts', () => {
    const fleet = new Fleet(runSeed);
    const bad = fleet.instruments.filter(({ batch }) => batch === 'B7');
    const findings = [...fleet.of(bad, 1)];
    const first = cohortFindings(fleet.instruments, findings, { by });
    const again = cohortFindings(fleet.instruments, [...findings].reverse(), { by });
    assert.deepEqual(again.map(findingId), first.map(findingId));
    assert.deepEqual(cohortFindings(fleet.instruments, findings, { by, proposed: ['batch=B7'] }), []);
  });

  it('stay out of what is not about instruments of the fleet', () => {
    const fleet = new Fleet(runSeed);
    const others = fleet.of(fleet.instruments, 1).map((finding) => ({
      ...finding,
      subject: { kind: 'device', id: `oem-b/${finding.subject.id.slice(6)}` } as const,
    }));
    assert.deepEqual(cohortFindings(fleet.instruments, others, { by }), []);
  });

  it('come in parts where a cohort is larger than a finding', () => {
    const fleet = new Fleet(runSeed, 3000);
    const same = fleet.instruments.map((each, place) => ({ device: each.device, batch: place < 2500 ? 'X' : 'Y' }));
    const findings = fleet.of(fleet.instruments.slice(0, 2500), 0.3);
    const parts = cohortFindings(same, findings, { by: ['batch'] });
    assert.deepEqual(
      parts.map(({ proposes }) => proposes?.devices.length),
      [MAX_PROPOSED, MAX_PROPOSED, 500],
    );
    assert.match(parts[2]?.says ?? '', /Part 3 of 3\.$/);
    assert.equal(new Set(parts.map(findingId)).size, 3);
    for (const part of parts) shapeOf(findingShape, 'finding', part);
    assert.equal(parts[0]?.evidence.length, 1, 'the digest of the list');
  });

  it('find an outbreak that begins in one model after the other quiet weeks, in most of 20 fleets', () => {
    const right = SEEDS.filter((seed) => {
      const fleet = new Fleet(seed);
      const models = fleet.instruments.filter(({ model }) => model === 'M3');
      const findings = [...fleet.honest(0.1, 63), ...fleet.of(models.slice(0, 40), 0.5, 7)];
      const [first, ...more] = outbreakFindings(fleet.instruments, findings, { by, at: TODAY });
      if (first) shapeOf(findingShape, 'finding', first);
      // Batches of the model, or all of it: what spreads in 40 of 100 is both.
      return first?.name === 'outbreak' && /^(model=M3|batch=|firmware=M3)/.test(first.subject.id) && more.length < 3;
    });
    assert.ok(right.length >= 14, `found with ${right.length} of ${SEEDS.length} seeds`);
  });

  it('find an outbreak that befalls everything, which no comparison between cohorts shows', () => {
    const fleet = new Fleet(runSeed);
    const findings = [...fleet.honest(0.05, 63), ...fleet.of(fleet.instruments, 0.3, 6)];
    const found = outbreakFindings(fleet.instruments, findings, { by: ['model', 'site'], at: TODAY });
    assert.ok(found.length > 0);
    assert.deepEqual(outbreakFindings(fleet.instruments, findings, { by: ['model', 'site'], at: daysBefore(20) }), []);
  });

  describe('release a cohort', () => {
    const fleet = new Fleet(runSeed);
    const bad = fleet.instruments.filter(({ batch }) => batch === 'B7');
    const proposals = cohortFindings(fleet.instruments, fleet.of(bad, 1), { by });
    const [since, until] = [daysBefore(0), daysBefore(-10)];
    const digests = (device: string, count: number) =>
      Array.from({ length: count }, (_, place) => digest(`${device} ${place}`));
    const seen = (count: number) => new Map(bad.map(({ device }) => [device, digests(device, count)] as const));

    it('as one, once each of its instruments was observed and is in order', () => {
      const [release] = releaseFindings(proposals, { since, until, observations: seen(5), findings: [] });
      assert.deepEqual([release?.name, release?.subject.id], ['cohort-in-order', 'batch=B7']);
      assert.deepEqual(release?.proposes, { action: 'release', devices: bad.map(({ device }) => device).sort() });
      shapeOf(findingShape, 'finding', release);
    });

    it('not before that', () => {
      assert.deepEqual(releaseFindings(proposals, { since, until, observations: seen(4), findings: [] }), []);
      const allButOne = new Map([...seen(5)].slice(1));
      assert.deepEqual(releaseFindings(proposals, { since, until, observations: allButOne, findings: [] }), []);
      assert.deepEqual(releaseFindings([], { since, until, observations: seen(5), findings: [] }), []);
    });

    it('without the few that still have findings, and not at all while they are many', () => {
      const findings = [fleet.finding(bad[0]?.device ?? '', 1)];
      const [release] = releaseFindings(proposals, { since, until, observations: seen(5), findings });
      assert.equal(release?.proposes?.devices.length, bad.length - 1);
      assert.match(release.says, /1 that still have findings stay in quarantine/);
      const many = fleet.of(bad.slice(0, 8), 1);
      assert.deepEqual(releaseFindings(proposals, { since, until, observations: seen(5), findings: many }), []);
    });
  });

  describe('for check standards', () => {
    it('blame a standard with which many instruments disagree, in most of 20 fleets', () => {
      const right = SEEDS.filter((seed) => {
        const fleet = new Fleet(seed);
        const compared = fleet.instruments.filter(({ checkStandard }) => checkStandard === 'lab-alpha/S-4');
        const found = commonStandards(fleet.instruments, [...fleet.honest(), ...fleet.of(compared, 0.4)]);
        for (const finding of found) shapeOf(findingShape, 'finding', finding);
        return found.length === 1 && found[0]?.subject.id === 'lab-alpha/S-4';
      });
      assert.ok(right.length >= 14, `found alone with ${right.length} of ${SEEDS.length} seeds`);
    });

    it('blame none of an honest fleet more often than they say, over 100 fleets', () => {
      const alarms = MANY.filter((seed) => {
        const fleet = new Fleet(seed);
        return commonStandards(fleet.instruments, fleet.honest(), { falseAlarms: 0.05 }).length > 0;
      });
      assertNoMoreThan(alarms.length, MANY.length, 0.05);
    });
  });
});
