import { DataDirectoryInUse } from '@tracecal/network/control';
import { ChaincodeStartError, DeploymentError, startEmbedded } from '@tracecal/network/embedded';
import type { GatewayError } from '@hyperledger/fabric-gateway';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kvConsortium, KvNetwork } from '../support/kvNetwork.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('An embedded network', function () {
  this.timeout(60_000);
  let network: KvNetwork;

  before(async () => {
    network = await KvNetwork.start();
  });

  after(() => network.end());

  it('runs what unmodified applications ask of it', async () => {
    const contract = network.contract('nmi-north');
    await contract.submitTransaction('put', 'greeting', 'hello');
    assert.equal(text(await network.contract('lab-alpha').evaluateTransaction('get', 'greeting')), 'hello');
  });

  it('leaves a connection profile and the certificates that it names, for every organisation', () => {
    for (const { profile, tlsCaCert, gatewayEndpoint } of network.network.organisations) {
      const parsed = JSON.parse(readFileSync(profile, 'utf8')) as { peers: Record<string, { url: string }> };
      const urls = Object.values(parsed.peers).map(({ url }) => url);
      assert.deepEqual(urls, [`grpcs://${gatewayEndpoint}`]);
      assert.ok(existsSync(tlsCaCert));
    }
  });

  it('listens on no port that outgoing connections get, so that it finds its own free when it opens them again', function () {
    const file = '/proc/sys/net/ipv4/ip_local_port_range';
    if (!existsSync(file)) this.skip();
    const [first = 0, last = 0] = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);
    for (const { gatewayEndpoint } of network.network.organisations) {
      const port = Number(new URL(`grpcs://${gatewayEndpoint}`).port);
      assert.ok(port < first || port > last, gatewayEndpoint);
    }
  });

  it('keeps what it committed, and knows how old transactions ended, after a restart', async () => {
    const submitted = await network.contract('nmi-south').submitAsync('put', { arguments: ['kept', 'yes'] });
    const before = await submitted.getStatus();
    await network.restart();
    const again = network.gateway('nmi-south').newCommit(submitted.getBytes());
    assert.deepEqual(await again.getStatus(), before);
    assert.equal(text(await network.contract('nmi-north').evaluateTransaction('get', 'kept')), 'yes');
  });

  it('orders the same envelope once, however often it is sent', async () => {
    const contract = network.contract('nmi-north');
    const transaction = await contract.newProposal('append', { arguments: ['once', 'x'] }).endorse();
    const first = await transaction.submit();
    assert.equal((await first.getStatus()).code, 0);
    const second = await transaction.submit();
    assert.deepEqual(await second.getStatus(), await first.getStatus());
    assert.equal(text(await contract.evaluateTransaction('get', 'once')), 'x');
  });

  it('has a collection where all its members are, as real Fabric', async () => {
    const read = (channel: string) =>
      network.contract('nmi-north', channel).evaluateTransaction('getPrivate', 'north', 'x');
    assert.equal(text(await read('calibration')), '');
    await assert.rejects(read('pair'), (error: GatewayError) => {
      assert.match(error.details[0]?.message ?? '', /collection pair\/kv\/north could not be found/);
      return true;
    });
  });

  it('has a chaincode that died back in a moment, before anybody notices', async () => {
    const contract = network.contract('nmi-north', 'pair');
    await assert.rejects(contract.evaluateTransaction('crash'));
    assert.equal(text(await contract.evaluateTransaction('noop')), 'ok');
  });

  it('lets no second process or network work on its data', async () => {
    const options = { consortium: kvConsortium(), dataDir: network.dataDir, ports: 'free' } as const;
    await assert.rejects(startEmbedded(options), (error: unknown) => {
      assert.ok(error instanceof DataDirectoryInUse);
      assert.ok(error.message.includes(String(process.pid)));
      return true;
    });
  });

  it('says what is wrong with a chaincode that fits no channel', async () => {
    const consortium = kvConsortium();
    const [chaincode] = consortium.chaincodes;
    const chaincodes = [{ ...chaincode!, name: 'lost', channels: ['nowhere'] }];
    const dataDir = join(network.dataDir, 'another');
    const options = { consortium, dataDir, ports: 'free', chaincodes } as const;
    await assert.rejects(startEmbedded(options), DeploymentError);
  });

  it('gives everything back when a chaincode cannot be started', async () => {
    const consortium = kvConsortium();
    const [chaincode] = consortium.chaincodes;
    const broken = { ...chaincode!, name: 'broken', service: { package: join(__dirname, 'no-such-package') } };
    const dataDir = join(network.dataDir, 'third');
    const options = { consortium, dataDir, ports: 'free' } as const;
    await assert.rejects(startEmbedded({ ...options, chaincodes: [broken] }), ChaincodeStartError);
    const started = await startEmbedded(options);
    await started.stop();
  });

  it('makes changes one after the other, however they are asked for, and none once it stops', async () => {
    const { network: running } = network;
    const rotations = await Promise.allSettled([
      running.rotateOrderer('orderer1.orderer.nmi-north.example'),
      running.rotateOrderer('nobody.example'),
      running.rotateOrderer('orderer2.orderer.nmi-south.example'),
      running.rotateAuthority('lab-alpha', 'tls'),
    ]);
    assert.deepEqual(
      rotations.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    );
    const stopped = running.stop();
    await assert.rejects(running.rotateOrderer('orderer1.orderer.nmi-north.example'), /is being stopped/);
    await stopped;
    await network.restart();
    assert.equal(text(await network.contract('lab-alpha').evaluateTransaction('get', 'greeting')), 'hello');
  });

  it('ends its streams when it stops', async () => {
    const events = await network.gateway('nmi-north').getNetwork('calibration').getChaincodeEvents('kv');
    const ended = (async () => {
      for await (const event of events) assert.fail(event.eventName);
    })().catch(() => undefined);
    const blocks = await network.gateway('nmi-north').getNetwork('calibration').getBlockEvents();
    const blocksEnded = (async () => {
      for await (const block of blocks) assert.fail(String(block.getHeader()?.getNumber()));
    })().catch(() => undefined);
    await network.network.stop();
    await ended;
    await blocksEnded;
    await network.restart();
  });
});
