import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FabricError, nativeState, startNative, type FabricNetwork } from '@tracecal/network/fabric';
import { connectionProfileFile, memberTree } from '@tracecal/network/pki';
import type { Consortium } from '@tracecal/network/topology';
import { asMember, type Application } from '../support/application.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';

/** Linux has all of 127.0.0.0/8 as loopback: one address for each member stands for its machine. */
function hostOf(index: number): string {
  return `127.0.77.${index + 1}`;
}

/** Each member has the same ports, on a host of its own. */
function placed(): Consortium {
  const { organisations, orderers, ...rest } = sharedChannelAlone();
  return {
    ...rest,
    organisations: organisations.map((organisation, index) => ({
      ...organisation,
      peers: organisation.peers.map((peer) => ({ ...peer, port: 7051, host: hostOf(index) })),
    })),
    orderers: orderers.map((orderer, index) => ({ ...orderer, port: 7050, host: hostOf(index) })),
  };
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => {
      done(false);
    });
    server.listen(port, host, () =>
      server.close(() => {
        done(true);
      }),
    );
  });
}

describe('Members with hosts of their own, on native Fabric', function () {
  this.timeout(240_000);

  const consortium = placed();
  let dataDir: string;
  let network: FabricNetwork;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    if (!(await canListen(7051, hostOf(0)))) {
      console.log(
        `        skipped: this machine cannot listen on ${hostOf(0)}:7051, which stands for a member's machine`,
      );
      this.skip();
    }
    dataDir = await mkdtemp(join(tmpdir(), 'tracecal-hosts-'));
    network = await startNative({ consortium, dataDir, ports: 'configured' });
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
    if ((dataDir as string | undefined) !== undefined) await rm(dataDir, { recursive: true, force: true });
  });

  function as<T>(member: string, act: (application: Application) => Promise<T>): Promise<T> {
    const { organisations, cryptoDir } = network;
    return asMember({ organisations, cryptoDir, consortium }, member, act);
  }

  it('all use the same ports, and endorse for each other', async () => {
    await as('alpha', (alpha) => alpha.submit('put', 'key', 'of alpha'));
    assert.equal(await as('beta', (beta) => beta.evaluate('get', 'key')), 'of alpha');
  });

  it('listen on their own address and on no other', async () => {
    for (const [index] of consortium.organisations.entries()) {
      for (const port of [7050, 7051]) assert.equal(await canListen(port, hostOf(index)), false, hostOf(index));
    }
    for (const port of [7050, 7051]) assert.equal(await canListen(port, '127.0.0.1'), true);
  });

  it('are found by their addresses in the profiles of their clients, which their certificates name', async () => {
    for (const [index, organisation] of consortium.organisations.entries()) {
      const file = connectionProfileFile(network.cryptoDir, organisation);
      const { peers } = JSON.parse(await readFile(file, 'utf8')) as { peers: Record<string, { url: string }> };
      assert.equal(peers[`peer0.${organisation.domain}`]?.url, `grpcs://${hostOf(index)}:7051`);
      const tls = memberTree(network.cryptoDir, organisation).node('peer0').tls;
      const certificate = new X509Certificate(await readFile(join(tls, 'server.crt')));
      assert.equal(certificate.checkIP(hostOf(index)), hostOf(index));
    }
  });

  it('keep their addresses when a TLS authority is replaced', async () => {
    await network.rotateAuthority('alpha', 'tls');
    const tls = memberTree(network.cryptoDir, consortium.organisations[0]!).node('peer0').tls;
    const certificate = new X509Certificate(await readFile(join(tls, 'server.crt')));
    assert.equal(certificate.checkIP(hostOf(0)), hostOf(0));
    assert.equal(await as('alpha', (alpha) => alpha.evaluate('get', 'key')), 'of alpha');
  });
});

describe('A member whose host is elsewhere', () => {
  it('is not started here, and nothing is left running', async function () {
    needsFabric(this, 'peer', 'orderer');
    this.timeout(60_000);
    const { organisations, ...rest } = placed();
    const [first, ...others] = organisations;
    const elsewhere = { ...first!, peers: first!.peers.map((peer) => ({ ...peer, host: '192.0.2.7' })) };
    const folder = await mkdtemp(join(tmpdir(), 'tracecal-elsewhere-'));
    const consortium = { ...rest, organisations: [elsewhere, ...others] };
    await assert.rejects(startNative({ consortium, dataDir: folder, ports: 'configured' }), (error) => {
      assert.ok(error instanceof FabricError);
      assert.equal(error.code, 'NOT_HERE');
      assert.match(
        error.message,
        /peer0\.alpha\.example must listen on 192\.0\.2\.7, which is no address of this machine/,
      );
      return true;
    });
    assert.equal(await nativeState(folder), 'stopped');
    await rm(folder, { recursive: true, force: true });
  });
});
