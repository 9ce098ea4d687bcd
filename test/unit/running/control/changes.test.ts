import assert from 'node:assert/strict';
import fs, { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import sinon from 'sinon';
import {
  ControlServer,
  networkStatus,
  requestAuthorityRotation,
  requestMembershipChange,
  requestOrdererRotation,
  requestUpgrade,
  stopNetwork,
} from '@tracecal/network/control';
import { defaultConsortiumFile, readConsortium, type MembershipChange } from '@tracecal/network/topology';
import { ObedientNetwork, registryDeployment } from '../../../support/obedientNetwork.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

describe('Changes that other processes ask a network for', () => {
  let dataDir: string;
  let network: ObedientNetwork;
  let control: ControlServer;

  beforeEach(async () => {
    dataDir = temporaryFolder();
    network = new ObedientNetwork();
    control = await ControlServer.open({ dataDir, engine: 'embedded', onStop: () => undefined });
  });
  afterEach(async () => {
    sinon.restore();
    await control.close();
  });
  after(removeTemporaryFolders);

  it('get each its own answer when two ask at the same time', async () => {
    control.serve(network, undefined);
    const [rotated, refused] = await Promise.allSettled([
      requestAuthorityRotation(dataDir, 'lab-alpha', 'tls'),
      requestOrdererRotation(dataDir, 'nobody'),
    ]);
    assert.equal(rotated.status, 'fulfilled');
    assert.equal(refused.status === 'rejected' && (refused.reason as { code: string }).code, 'ROTATION_REFUSED');
    assert.deepEqual([...network.done].sort(), ['nobody', 'tls of lab-alpha']);
  });

  it('are refused while the network starts, and while it stops', async () => {
    await assert.rejects(requestOrdererRotation(dataDir, 'early'), {
      code: 'NETWORK_NOT_RUNNING',
      message: /starting/,
    });
    control.serve(network, undefined);
    await control.rest();
    await assert.rejects(requestOrdererRotation(dataDir, 'late'), { code: 'NETWORK_NOT_RUNNING', message: /stopping/ });
    assert.deepEqual(network.done, []);
  });

  it('come to their end before a network stops, but those that wait behind them are refused', async () => {
    control.serve(network, undefined);
    let rest = Promise.resolve();
    let waiting: Promise<unknown> = Promise.resolve();
    network.rotateAuthority = async () => {
      waiting = assert.rejects(requestOrdererRotation(dataDir, 'later'), { code: 'NETWORK_NOT_RUNNING' });
      // It waits behind this one as soon as the network answers that.
      await networkStatus(dataDir);
      rest = control.rest();
      network.done.push('rotated');
    };
    await requestAuthorityRotation(dataDir, 'lab-alpha', 'identity');
    await rest;
    await waiting;
    assert.deepEqual(network.done, ['rotated']);
  });

  it('are named to who wants the network to stop and does not see it end', async () => {
    control.serve(network, undefined);
    let end = (): void => undefined;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    network.rotateAuthority = () => {
      begin();
      return new Promise((resolve) => (end = resolve));
    };
    const rotated = requestAuthorityRotation(dataDir, 'lab-alpha', 'tls');
    await begun;
    const message = new RegExp(`process ${process.pid}\\) did not stop within 0.2 s, for a change is under way`);
    await assert.rejects(stopNetwork(dataDir, 200), { code: 'NETWORK_CHANGING', message });
    end();
    await rotated;
    await assert.rejects(stopNetwork(dataDir, 200), { code: 'NETWORK_STUCK' });
  });

  it('tell who asked what the network does meanwhile', async () => {
    control.serve(network, undefined);
    network.rotateAuthority = () => {
      control.progress('The peers of lab-alpha start again.');
      return Promise.resolve();
    };
    const told: string[] = [];
    await requestAuthorityRotation(dataDir, 'lab-alpha', 'identity', (line) => told.push(line));
    assert.deepEqual(told, ['The peers of lab-alpha start again.']);
  });

  it('are given the time that an image takes to be built', async () => {
    control.serve(network, undefined);
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { upgrade } = network;
    network.upgrade = (...wanted) => {
      clock.tick('15:00');
      return upgrade(...wanted);
    };
    assert.equal((await requestUpgrade(dataDir, registryDeployment())).changed, true);
  });

  describe('with a description', () => {
    let file: string;
    const described = () => readConsortium(file).chaincodes.find(({ name }) => name === 'registry')?.sequence;
    const newcomers = () => {
      const before = readConsortium(defaultConsortiumFile()).organisations.map(({ id }) => id);
      const now = readConsortium(file).organisations.map(({ id }) => id);
      return now.filter((id) => !before.includes(id)).join(' ');
    };
    /** Nothing can be written in its place. */
    const block = () => {
      const { renameSync } = fs;
      sinon.stub(fs, 'renameSync').callsFake((from, to) => {
        if (to === file) throw new Error('no room');
        renameSync(from, to);
      });
    };

    beforeEach(() => {
      file = join(dataDir, 'consortium.yaml');
      copyFileSync(defaultConsortiumFile(), file);
      control.serve(network, file);
    });

    it('keep what was committed there even if the upgrade fails afterwards, or say both', async () => {
      const { upgrade } = network;
      network.upgrade = async (...wanted) => {
        await upgrade(...wanted);
        throw Object.assign(new Error('a peer is away'), { code: 'TIMEOUT' });
      };
      await assert.rejects(requestUpgrade(dataDir, registryDeployment()), {
        code: 'TIMEOUT',
        message: 'a peer is away',
      });
      assert.equal(described(), 2);
      block();
      const both = /stands at version 1\.0, sequence 3, but .+ Besides: a peer is away$/;
      await assert.rejects(requestUpgrade(dataDir, { ...registryDeployment(), sequence: 2 }), {
        code: 'NOT_WRITTEN',
        message: both,
      });
    });

    it('say that an upgrade is done but not written down, and how it stands', async () => {
      block();
      await assert.rejects(requestUpgrade(dataDir, registryDeployment()), {
        code: 'NOT_WRITTEN',
        message: /^registry stands at version 1\.0, sequence 2, but its description .+ does not contain the change/,
      });
      assert.equal(described(), 1);
    });

    it('write it down when they are repeated', async () => {
      block();
      const change = () => requestMembershipChange(dataDir, joins('lab-gamma'));
      await assert.rejects(change(), { code: 'NOT_WRITTEN', message: /make the same change again/ });
      sinon.restore();
      await change();
      assert.equal(newcomers(), 'lab-gamma');
    });

    it('change the members that there are when their turn comes: nobody is thrown out by the next to join', async () => {
      await Promise.all(['lab-gamma', 'lab-delta'].map((id) => requestMembershipChange(dataDir, joins(id))));
      assert.deepEqual(newcomers().split(' ').sort(), ['lab-delta', 'lab-gamma']);
      assert.match(network.done[1]!, /lab-gamma.*lab-delta|lab-delta.*lab-gamma/);
    });

    it('store a change of members as soon as it is committed, and resume it when they are repeated', async () => {
      const { reconfigure } = network;
      network.reconfigure = async (...wanted) => {
        await reconfigure(...wanted);
        throw Object.assign(new Error('a peer is away.'), { code: 'NOT_READY' });
      };
      const change = () => requestMembershipChange(dataDir, joins('lab-gamma'));
      await assert.rejects(change(), { code: 'NOT_READY', message: /^a peer is away\. .+ make the same change again/ });
      assert.equal(newcomers(), 'lab-gamma');
      network.reconfigure = reconfigure;
      await change();
      assert.equal(newcomers(), 'lab-gamma');
      assert.equal(network.done[1], network.done[0]);
      await assert.rejects(change(), { code: 'CONSORTIUM_INVALID' });
    });

    it('leave the description alone when a change of members is refused', async () => {
      network.reconfigure = () => Promise.reject(Object.assign(new Error('no'), { code: 'UPDATE_REFUSED' }));
      await assert.rejects(requestMembershipChange(dataDir, joins('lab-gamma')), { message: 'no' });
      assert.equal(newcomers(), '');
    });
  });
});

/** A laboratory that enters no channel. */
function joins(id: string): MembershipChange {
  const port = id === 'lab-gamma' ? 7901 : 7902;
  const name = `Laboratory ${id}`;
  const mspId = `${id.replace('lab-', '')}MSP`;
  const peers = [{ name: 'peer0', port }];
  const organisation = {
    id,
    mspId,
    kind: 'LAB',
    name,
    country: 'DE',
    domain: `${id}.example`,
    peers,
    users: [],
  } as const;
  return { join: { organisation, channels: {}, endorsement: {} } };
}
