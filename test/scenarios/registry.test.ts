import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson, instantOf } from '@tracecal/chaincode/model';
import type { DeviceFile, Heartbeat, OrganisationFile } from '@tracecal/chaincode/model';
import { traceCal, traceOptions } from '@tracecal/chaincode/trace';
import type { RecordSource } from '@tracecal/chaincode/trace';
import { connect, TraceCalError } from '@tracecal/gateway-client';
import type { TraceCal } from '@tracecal/gateway-client';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { engineName, selectedEngine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import type { EngineNetwork } from '../support/engine.js';
import type { Submission } from '../support/hierarchy.js';
import { twoCountries } from '../support/hierarchy.js';
import { naiveStatus } from '../support/naiveTrace.js';
import type { Records } from '../support/naiveTrace.js';
import { printedSeed } from '../support/random.js';
import { build, plans } from '../support/randomHierarchy.js';
import type { Plan } from '../support/randomHierarchy.js';
import { submit } from '../support/submit.js';

/** How long members' peers may be apart. */
const PATIENCE_MS = 20_000;

describe(`The registry of a consortium [${engineName}]`, () => {
  let network: EngineNetwork;
  const connections = new Map<string, TraceCal>();
  const submitted = new Set<string>();

  before(async function () {
    this.timeout(240_000);
    const engine = await selectedEngine();
    network = await engine.start(readConsortium(defaultConsortiumFile()));
    for (const { id, profile } of network.organisations) {
      connections.set(id, await connect(profile));
    }
  });

  after(async function () {
    this.timeout(60_000);
    for (const connection of connections.values()) connection.close();
    await network.stop();
  });

  const as = (organisation: string): TraceCal => connections.get(organisation)!;

  /** What members would submit to build this, without what stands in the registry already. */
  const submitAll = async (submissions: readonly Submission[]): Promise<void> => {
    for (const { transaction, argument, by } of submissions) {
      const name = `${by} ${transaction} ${argument}`;
      if (!submitted.has(name)) {
        submitted.add(name);
        // Endorsers of other organisations may be a block behind the one that told of the last commit.
        await eventually(() => submit(as(by), transaction, argument), PATIENCE_MS);
      }
    }
  };

  it('takes a hierarchy in from those whom it concerns, and traces it for any member', async function () {
    this.timeout(120_000);
    await submitAll((await twoCountries()).submissions());
    const asOf = instantOf(Date.now());
    await eventually(async () => {
      const verdicts = await Promise.all(
        [...connections.values()].map((member) => member.traceCal('sensor-a', { asOf })),
      );
      assert.equal(verdicts[0]?.status, 'TRACEABLE');
      assert.deepEqual(verdicts[0].roots, ['nmi-north']);
      for (const verdict of verdicts) {
        assert.equal(canonicalJson(verdict), canonicalJson(verdicts[0]), 'every peer says the same, byte for byte');
      }
    }, PATIENCE_MS);
  });

  it('refuses the very next trace once a standard is revoked, and leaves other branches alone', async function () {
    this.timeout(60_000);
    await as('lab-alpha').revoke({ kind: 'device', id: 'reference-a', reason: 'out-of-tolerance', effective: null });
    await eventually(async () => {
      const { status, reason } = await as('oem-a').traceCal('sensor-a');
      assert.equal(status, 'FAILED');
      assert.match(reason, /reference-a is revoked/);
    }, PATIENCE_MS);
    assert.equal((await as('oem-b').traceCal('sensor-b')).status, 'TRACEABLE');
  });

  it('says of random hierarchies what the same records say over a map, byte for byte, and a naive reading of the rules', async function () {
    this.timeout(600_000);
    const seed = printedSeed();
    const samples = fc.sample(plans, { seed, numRuns: Number(process.env['TRACECAL_RUNS'] ?? 6) });
    for (const [number, plan] of samples.entries()) {
      const { hierarchy, devices } = await build(inOrder(plan), `random${seed}-${number}-`);
      await submitAll(hierarchy.submissions());
      await say(plan, devices);
      const asOf = instantOf(Date.now());
      await eventually(async () => {
        const records = await readBack(devices);
        for (const device of devices) {
          const verdict = await as('monitor').traceCal(device, { asOf });
          const overMap = await traceCal(sourceOf(records), device, traceOptions({ asOf }));
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
        const file = await as('nmi-north').getDevice(device);
        const id = defect.about === 'report' ? `${device}-r` : device;
        const request = {
          kind: defect.about,
          id,
          reason: defect.cessation ? 'cessation' : 'fraud',
          effective: null,
        } as const;
        const member = as(await rootOf(file.device.organisation));
        await member[defect.action](request).catch((error: unknown) => {
          assert.ok(error instanceof TraceCalError, String(error));
        });
      }
    }
  };

  const rootOf = async (organisation: string): Promise<string> => {
    const { certifiedBy } = (await as('nmi-north').getOrganisation(organisation)).organisation;
    return certifiedBy === null ? organisation : rootOf(certifiedBy);
  };

  const readBack = async (ids: readonly string[]): Promise<ReadBack> => {
    const devices = new Map<string, DeviceFile>();
    const organisations = new Map<string, OrganisationFile>();
    for (const id of ids) devices.set(id, await as('nmi-north').getDevice(id));
    for (const id of ['nmi-north', 'nmi-south', 'lab-alpha', 'lab-beta', 'oem-a']) {
      organisations.set(id, await as('nmi-north').getOrganisation(id));
    }
    const heartbeats = new Map<string, Heartbeat>();
    for (const nmi of ['nmi-north', 'nmi-south']) {
      const heartbeat = await as('nmi-north').getHeartbeat(nmi);
      if (heartbeat) heartbeats.set(nmi, heartbeat);
    }
    return { registry: as('nmi-north').registry, devices, organisations, heartbeats };
  };
});

/** The plan without what a registry refuses. */
function inOrder(plan: Plan): Plan {
  const orderly = { delay: 1, spread: 2, foreign: false, recalibrates: null };
  return { devices: plan.devices.map((device) => ({ ...device, ...orderly })), expiring: null, defects: [] };
}

interface ReadBack extends Records {
  readonly heartbeats: ReadonlyMap<string, Heartbeat>;
}

function sourceOf({ registry, devices, organisations, heartbeats }: ReadBack): RecordSource {
  return {
    registry,
    device: (id) => Promise.resolve(devices.get(id)),
    organisation: (id) => Promise.resolve(organisations.get(id)),
    heartbeat: (nmi) => Promise.resolve(heartbeats.get(nmi)),
  };
}
