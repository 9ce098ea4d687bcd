import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  obeyRequests,
  requestAuthorityRotation,
  requestOrdererRotation,
  type Controllable,
} from '@tracecal/network/control';

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

  reconfigure = (): Promise<never> => Promise.reject(new Error('not asked for'));
  upgrade = (): Promise<never> => Promise.reject(new Error('not asked for'));
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
});
