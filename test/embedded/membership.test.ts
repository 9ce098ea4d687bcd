import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { DeploymentError } from '@tracecal/network/embedded';
import { freePorts } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { kvConsortium, KvNetwork } from '../support/kvNetwork.js';

const NEW = 'lab-beta';

describe('A member of an embedded network', function () {
  this.timeout(60_000);
  let ports: readonly number[];
  let network: KvNetwork;

  beforeEach(async () => {
    const before = kvConsortium();
    ports = await freePorts(before.organisations.length + 1);
    network = await KvNetwork.start({ consortium: onFreePorts(before), ports: 'configured' });
  });
  afterEach(() => network.end());

  function onFreePorts(consortium: Consortium): Consortium {
    const organisations = consortium.organisations.map((organisation, index) => ({
      ...organisation,
      peers: organisation.peers.map((peer) => ({ ...peer, port: ports[index]! })),
    }));
    return { ...consortium, organisations };
  }

  /** With one more member that writes these channels. */
  function joinedBy(...channels: string[]): Consortium {
    const all = readConsortium(defaultConsortiumFile());
    const before = kvConsortium();
    return onFreePorts({
      ...before,
      organisations: [...before.organisations, all.organisations.find(({ id }) => id === NEW)!],
      channels: before.channels.map((channel) =>
        channels.includes(channel.name) ? { ...channel, writers: [...channel.writers, NEW] } : channel,
      ),
    });
  }

  const ask = (name: string, ...args: string[]) =>
    network
      .contract(NEW)
      .evaluateTransaction(name, ...args)
      .then((bytes) => Buffer.from(bytes).toString());

  it('listens when it joins again after its port was taken', async () => {
    const other = createServer().listen(ports.at(-1), '127.0.0.1');
    await once(other, 'listening');
    await assert.rejects(network.network.reconfigure(joinedBy('calibration')), (error) => {
      assert.ok(error instanceof DeploymentError);
      const place = `127.0.0.1:${ports.at(-1)}`;
      assert.equal(
        error.message,
        `peer0.${NEW}.example must listen on ${place}, which is not free: end what listens there, or use --ports free.`,
      );
      return true;
    });
    other.close();
    await once(other, 'close');
    await network.network.reconfigure(joinedBy('calibration'));
    assert.equal(await ask('noop'), 'ok');
  });

  it('that left and comes back has its chaincodes reach the channels that it is in now', async () => {
    await network.network.reconfigure(joinedBy('calibration'));
    assert.equal(await ask('noop'), 'ok');
    await network.network.reconfigure(onFreePorts(kvConsortium()));
    await network.network.reconfigure(joinedBy('calibration', 'pair'));
    const { payload } = JSON.parse(await ask('call', 'kv', 'pair', '["noop"]')) as { payload: string };
    assert.equal(payload, 'ok');
  });
});
