import assert from 'node:assert/strict';
import fs, { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sinon from 'sinon';
import {
  obeyRequests,
  requestAuthorityRotation,
  requestMembershipChange,
  requestOrdererRotation,
  requestUpgrade,
  type Controllable,
} from '@tracecal/network/control';
import { defaultConsortiumFile, readConsortium, type MembershipChange } from '@tracecal/network/topology';

/** A network that takes note of what is asked of it, and has no orderer. */
class Network implements Controllable {
  readonly organisations = [];
  readonly done: string[] = [];

  rotateAuthority(organisation: string, authority: string): Promise<void> {
    this.done.push(`${authority} of ${organisation}`);
    return Promise.resolve();
  }

  rotateOrderer(name: string): Promise<void> {
    this.done.push(name);
    return Promise.reject(Object.assign(new Error(`no orderer ${name}`), { code: 'ROTATION_REFUSED' }));
  }

  reconfigure: Controllable['reconfigure'] = (consortium, _how, committed) => {
    this.done.push(`members ${consortium.organisations.map(({ id }) => id).join(' ')}`);
    committed?.();
    return Promise.resolve();
  };

  upgrade: Controllable['upgrade'] = (wanted, committed) => {
    const deployment = { ...wanted, sequence: wanted.sequence + 1 };
    committed?.(deployment);
    return Promise.resolve({ changed: true, deployment, packageIds: { 'nmi-north': 'registry_1.1:00' } });
  };
}

describe('Requests to a running network', () => {
  let dataDir: string;
  let network: Network;
  let rest: (() => Promise<void>) | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'tracecal-control-'));
    network = new Network();
  });
  afterEach(async () => {
    await rest?.();
    rest = undefined;
    sinon.restore();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('get each its own answer when two ask at the same time', async () => {
    rest = obeyRequests(dataDir, undefined, network);
    const place = { dataDir, pid: process.pid };
    const [rotated, refused] = await Promise.allSettled([
      requestAuthorityRotation(place, 'lab-alpha', 'tls'),
      requestOrdererRotation(place, 'nobody'),
    ]);
    assert.equal(rotated.status, 'fulfilled');
    assert.equal(refused.status === 'rejected' && (refused.reason as { code: string }).code, 'ROTATION_REFUSED');
    assert.deepEqual([...network.done].sort(), ['nobody', 'tls of lab-alpha']);
  });

  it('are not taken for those of an earlier process, whatever signal arrives', async () => {
    mkdirSync(join(dataDir, 'requests'));
    writeFileSync(join(dataDir, 'requests', 'old.json'), JSON.stringify({ rotateOrderer: 'of yesterday' }));
    rest = obeyRequests(dataDir, undefined, network);
    await requestAuthorityRotation({ dataDir, pid: process.pid }, 'lab-alpha', 'identity');
    assert.deepEqual(network.done, ['identity of lab-alpha']);
  });

  it('find nobody where the network has stopped listening, and leave nothing behind', async () => {
    await obeyRequests(dataDir, undefined, network)();
    await assert.rejects(requestOrdererRotation({ dataDir, pid: process.pid }, 'nobody'), { code: 'NETWORK_GONE' });
    assert.equal(existsSync(join(dataDir, 'requests')), false);
  });

  it('are given the time that an image takes to be built', async () => {
    rest = obeyRequests(dataDir, undefined, network);
    const clock = sinon.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    const { upgrade } = network;
    network.upgrade = async (...wanted) => {
      clock.tick('15:00');
      // Who asks looks again in the meantime.
      await pause(200);
      return upgrade(...wanted);
    };
    assert.equal((await requestUpgrade({ dataDir, pid: process.pid }, registry())).changed, true);
  });

  describe('with a description', () => {
    let file: string;
    const place = () => ({ dataDir, pid: process.pid });
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
      rest = obeyRequests(dataDir, file, network);
    });

    it('keep what was committed there even if the upgrade fails afterwards, or say both', async () => {
      const { upgrade } = network;
      network.upgrade = async (...wanted) => {
        await upgrade(...wanted);
        throw Object.assign(new Error('a peer is away'), { code: 'TIMEOUT' });
      };
      await assert.rejects(requestUpgrade(place(), registry()), { code: 'TIMEOUT', message: 'a peer is away' });
      assert.equal(described(), 2);
      block();
      const both = /stands at version 1\.0, sequence 3, but .+ Besides: a peer is away$/;
      await assert.rejects(requestUpgrade(place(), { ...registry(), sequence: 2 }), {
        code: 'NOT_WRITTEN',
        message: both,
      });
    });

    it('say that an upgrade is done but not written down, and how it stands', async () => {
      block();
      await assert.rejects(requestUpgrade(place(), registry()), {
        code: 'NOT_WRITTEN',
        message: /^registry stands at version 1\.0, sequence 2, but its description .+ does not say so/,
      });
      assert.equal(described(), 1);
    });

    it('write it down when they are repeated', async () => {
      block();
      const change = () => requestMembershipChange(place(), joins('lab-gamma'));
      await assert.rejects(change(), { code: 'NOT_WRITTEN', message: /make the same change again/ });
      sinon.restore();
      await change();
      assert.equal(newcomers(), 'lab-gamma');
    });

    it('change the members that there are when their turn comes: nobody is thrown out by the next to join', async () => {
      await Promise.all(['lab-gamma', 'lab-delta'].map((id) => requestMembershipChange(place(), joins(id))));
      assert.deepEqual(newcomers().split(' ').sort(), ['lab-delta', 'lab-gamma']);
      assert.match(network.done[1]!, /lab-gamma.*lab-delta|lab-delta.*lab-gamma/);
    });

    it('keep a change of members as soon as it is committed, and go on with it when they are repeated', async () => {
      const { reconfigure } = network;
      network.reconfigure = async (...wanted) => {
        await reconfigure(...wanted);
        throw Object.assign(new Error('a peer is away.'), { code: 'NOT_READY' });
      };
      const change = () => requestMembershipChange(place(), joins('lab-gamma'));
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
      await assert.rejects(requestMembershipChange(place(), joins('lab-gamma')), { message: 'no' });
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

function registry() {
  const [found] = readConsortium(defaultConsortiumFile()).chaincodes.filter(({ name }) => name === 'registry');
  assert.ok(found);
  return found;
}
