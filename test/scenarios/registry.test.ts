import assert from 'node:assert/strict';
import { canonicalJson, instantOf, plusDays } from '@tracecal/core/model';
import { traceCal, traceOptions } from '@tracecal/core/trace';
import type { VerdictStatus } from '@tracecal/core/trace';
import fc from 'fast-check';
import { TraceCalError } from '@tracecal/gateway-client';
import { reportsToReview } from '@tracecal/gateway-client/application';
import { engineName } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { presentDates, temperatureResult, twoCountries } from '../support/hierarchy.js';
import { naiveStatus } from '../support/naiveTrace.js';
import { runs } from '../support/property.js';
import { build, plans } from '../support/randomHierarchy.js';
import type { Plan } from '../support/randomHierarchy.js';
import { readBack } from '../support/readBack.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { runSeed } from '../support/seed.js';

/** How long members' peers may be apart. */
const PATIENCE_MS = 20_000;
const MEMBERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha', 'lab-beta', 'oem-a', 'oem-b', 'monitor'];

describe(`The registry of a consortium [${engineName}]`, () => {
  let registry: RegistryNetwork;

  before(async function () {
    this.timeout(240_000);
    registry = await RegistryNetwork.start(await twoCountries(undefined, presentDates()));
  });

  after(async function () {
    this.timeout(60_000);
    await (registry as RegistryNetwork | undefined)?.stop();
  });

  it('registers a hierarchy signed by its organisations, and traces it for any member', async function () {
    this.timeout(240_000);
    await registry.submitNew();
    const asOf = instantOf(Date.now());
    await eventually(async () => {
      const verdicts = await Promise.all(
        MEMBERS.map(async (member) => (await registry.as(member)).traceCal('oem-a/sensor-a', { asOf })),
      );
      assert.equal(verdicts[0]?.status, 'TRACEABLE', verdicts[0]?.reason);
      assert.deepEqual(
        verdicts[0].roots.map(({ organisation }) => organisation),
        ['nmi-north'],
      );
      assert.equal(verdicts[0].heartbeats[0]?.epoch, 0);
      for (const verdict of verdicts) {
        assert.equal(canonicalJson(verdict), canonicalJson(verdicts[0]), 'every peer says the same, byte for byte');
      }
    }, PATIENCE_MS);
  });

  it('refuses the very next trace once a standard is revoked, and leaves other branches alone', async function () {
    this.timeout(60_000);
    registry.hierarchy.addStatement('revocation', ['device', 'reference-a'], { reason: 'out-of-tolerance' });
    await registry.submitNew();
    await eventually(async () => {
      const { status, reason } = await (await registry.as('oem-a')).traceCal('oem-a/sensor-a');
      assert.equal(status, 'FAILED');
      assert.match(reason, /reference-a is revoked/);
    }, PATIENCE_MS);
    const { status, reason } = await (await registry.as('oem-b')).traceCal('oem-b/sensor-b');
    assert.equal(status, 'TRACEABLE', reason);
  });

  it('lists what an amendment calls in question as its traces do, until it is reviewed', async function () {
    this.timeout(120_000);
    const { hierarchy } = registry;
    const { rootDay } = presentDates();
    const errors = (error: number) => {
      const result = temperatureResult(0.02);
      return [{ ...result, rows: result.rows.map((row) => ({ ...row, error })) }];
    };
    const bench = { device: 'working-b', technician: 't-lab-beta', parents: ['reference-b-r1'] };
    const performed = plusDays(rootDay, 10);
    hierarchy.addReport({ ...bench, performed, id: 'bench-r1', results: errors(0.01) });
    const child = {
      device: 'sensor-b',
      technician: 't-oem-b',
      parents: ['bench-r1'],
      performed: plusDays(rootDay, 11),
    };
    hierarchy.addReport({ ...child, id: 'next', results: [temperatureResult(0.1)] });
    hierarchy.addReport({ ...bench, performed, id: 'bench-a1', supersedes: 'bench-r1', results: errors(0.1) });
    await registry.submitNew();
    const says = async (status: VerdictStatus, toReview: readonly string[]) =>
      eventually(async () => {
        const reader = await registry.as('oem-b');
        const verdict = await reader.traceCal('oem-b/sensor-b', { asOf: await registry.now() });
        assert.equal(verdict.status, status, verdict.reason);
        const listed = await reportsToReview(reader, 'lab-beta/bench-a1');
        assert.deepEqual(
          listed.map(({ report }) => report),
          toReview,
        );
      }, PATIENCE_MS);
    await says('INCOMPLETE', ['oem-b/next']);
    hierarchy.review('oem-b', 'bench-a1', ['next'], { reason: 'used at 0 °C only' });
    await registry.submitNew();
    await says('TRACEABLE', []);
  });

  it('says of random hierarchies what the same records say over a map, byte for byte, and a naive reading of the rules', async function () {
    this.timeout(600_000);
    const samples = fc.sample(plans, { seed: runSeed, numRuns: runs(6) });
    for (const [number, plan] of samples.entries()) {
      const { devices } = await build(inOrder(plan), `random${runSeed}-${number}-`, registry.hierarchy);
      await registry.submitNew();
      await say(plan, devices);
      const asOf = await registry.now();
      const { organisations, people, reports } = registry.hierarchy;
      const wanted = [...reports.keys()].filter((id) => id.includes(`random${runSeed}-${number}-`));
      await eventually(async () => {
        const records = await readBack(await registry.as('nmi-north'), {
          organisations: organisations.keys(),
          people: people.keys(),
          devices,
          reports: wanted,
        });
        for (const device of devices) {
          const verdict = await (await registry.as('monitor')).traceCal(device, { asOf });
          const overMap = await traceCal(records, device, traceOptions({ asOf }));
          assert.equal(canonicalJson(verdict), canonicalJson(overMap), device);
          assert.equal(verdict.status, naiveStatus(records, device, asOf), `${device}: ${verdict.reason}`);
        }
      }, PATIENCE_MS);
    }
  });

  /** Revokes, suspends and reinstates as planned; what the registry refuses (lifting what was not imposed) is left out. */
  const say = async ({ defects }: Plan, devices: readonly string[]): Promise<void> => {
    for (const defect of defects) {
      const device = devices[defect.which % devices.length] ?? '';
      if (defect.kind === 'said' && (defect.about === 'report' || defect.about === 'device')) {
        const subject = defect.about === 'report' ? reportOf(device) : device;
        const reason = defect.cessation ? 'cessation' : 'fraud';
        const item = registry.hierarchy.addStatement(defect.what, [defect.about, subject], { reason });
        registry.skipNew();
        await registry.submit(item, 'lab-beta').catch((error: unknown) => {
          assert.ok(error instanceof TraceCalError, String(error));
        });
      }
    }
  };

  /** A device's first report. */
  const reportOf = (device: string): string => {
    const { hierarchy } = registry;
    return hierarchy.idOf('report', `${device.slice(device.indexOf('/') + 1)}-r`);
  };
});

/** The plan without what a registry refuses. */
function inOrder(plan: Plan): Plan {
  const orderly = { delay: 1, spread: 2, recalibrates: null, late: 0 };
  const last = plan.devices.length - 1;
  const devices = plan.devices.map((device, place) => {
    const usable = {
      intervalDays: null,
      decision: device.decision === 'rejects' ? 'accepts' : device.decision,
    } as const;
    return { ...device, ...orderly, ...(place < last && usable) };
  });
  return { devices, expiring: null, defects: [] };
}
