import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channelConfig } from '@tracecal/network/admin';
import { startNative, type FabricNetwork } from '@tracecal/network/fabric';
import { withOrganisation, withoutOrganisation, type Consortium } from '@tracecal/network/topology';
import { asMember } from '../support/application.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { epsilon, SHARED, sharedChannelAlone } from '../support/scenarioConsortium.js';

const described = sharedChannelAlone();
const joined = withOrganisation(described, epsilon);
const left = withoutOrganisation(joined, epsilon.organisation.id);
const EPSILON = epsilon.organisation.mspId;

describe('Native Fabric whose processes are killed while its members change', function () {
  this.timeout(300_000);

  let dataDir: string;
  let consortium: Consortium;
  let network: FabricNetwork;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    dataDir = mkdtempSync(join(tmpdir(), 'tracecal-interrupted-'));
    await start(described);
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
    if ((dataDir as string | undefined) !== undefined) rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(description: Consortium): Promise<void> {
    consortium = description;
    network = await startNative({ consortium, dataDir, ports: 'free' });
  }

  /** Kills everything as soon as the channels' configurations have changed. */
  async function interrupted(next: Consortium): Promise<void> {
    const change = network.reconfigure(next, {}, () => {
      for (const process of network.processes) process.kill('SIGKILL');
    });
    await assert.rejects(change);
    await network.stop();
  }

  async function members(): Promise<readonly string[]> {
    const delta = network.peers.find(({ organisation }) => organisation.id === 'delta')!;
    const config = await channelConfig(delta.connection, delta.admin, SHARED);
    const application = config.getChannelGroup()?.getGroupsMap().get('Application');
    return [...(application?.getGroupsMap().keys() ?? [])];
  }

  async function put(member: string, endorsingOrganizations: string[]): Promise<void> {
    const place = { consortium, organisations: network.organisations, cryptoDir: network.cryptoDir };
    await asMember(place, member, (application) =>
      application.contract().submit('put', { arguments: [`of ${member}`, 'here'], endorsingOrganizations }),
    );
  }

  it('comes up again as it was, with the description from before', async () => {
    await interrupted(joined);
    await start(described);
    assert.ok(!(await members()).includes(EPSILON));
    await put('alpha', ['AlphaMSP', 'BetaMSP']);
  });

  it('comes up with the new member, with the new description', async () => {
    await interrupted(joined);
    await start(joined);
    assert.ok((await members()).includes(EPSILON));
    await put('epsilon', [EPSILON, 'AlphaMSP', 'BetaMSP']);
  });

  it('comes up with a member that was to leave, with the description from before', async () => {
    await interrupted(left);
    await start(joined);
    await put('epsilon', [EPSILON, 'BetaMSP', 'GammaMSP']);
  });

  it('comes up without it, with the new description', async () => {
    await interrupted(left);
    await start(left);
    assert.ok(!(await members()).includes(EPSILON));
    await put('alpha', ['AlphaMSP', 'GammaMSP']);
  });

  it('does not come up with an older description when the change is at its end', async () => {
    await network.stop();
    await assert.rejects(start(joined), { code: 'OTHER_CONSORTIUM' });
  });
});
