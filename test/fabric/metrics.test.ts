import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPort, freePorts, startNative, type FabricNetwork, type NodeProcess } from '@tracecal/network/fabric';
import { hostOf as fullName, loadTls, memberTree, ordererTree } from '@tracecal/network/pki';
import type { Consortium } from '@tracecal/network/topology';
import { asMember } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { askOperationsWith } from '../support/operations.js';
import { textOf } from '../support/pages.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';

const OF_PEERS = 9443;
const OF_ORDERERS = 9444;

/** Linux has all of 127.0.0.0/8 as loopback: one address for each member stands for its machine. */
function hostOf(index: number): string {
  return `127.0.78.${index + 1}`;
}

/** Each member has the same ports, also for operations, on a host of its own. */
async function placed(): Promise<Consortium> {
  const { organisations, orderers, ...rest } = sharedChannelAlone();
  // Orderers are administered on the loopback that all share.
  const adminPorts = await freePorts(orderers.length);
  return {
    ...rest,
    organisations: organisations.map((organisation, index) => ({
      ...organisation,
      peers: organisation.peers.map((peer) => ({
        ...peer,
        port: 7051,
        host: hostOf(index),
        operationsPort: OF_PEERS,
      })),
    })),
    orderers: orderers.map((orderer, index) => ({
      ...orderer,
      port: 7050,
      adminPort: adminPorts[index] ?? 0,
      host: hostOf(index),
      operationsPort: OF_ORDERERS,
    })),
  };
}

/** The metrics that the dashboard asks for, each with the kind of node that it chooses by its label. */
function shownMetrics(): readonly (readonly [metric: string, kind: string])[] {
  const dashboard = JSON.parse(textOf('docs/grafana.json')) as {
    readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
  };
  const questions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return questions.flatMap((question) => {
    const found = [...question.matchAll(/(\w+)\{kind=~?"([a-z|]+)"\}/g)];
    assert.ok(found.length > 0, question);
    return found.flatMap(([, metric = '', kinds = '']) => kinds.split('|').map((kind) => [metric, kind] as const));
  });
}

describe('Health and metrics of native Fabric on described ports', function () {
  this.timeout(240_000);

  let consortium: Consortium;
  let dataDir: string;
  let network: FabricNetwork;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    try {
      await checkPort('a node', OF_PEERS, false, hostOf(0));
    } catch {
      console.log(`        skipped: this machine cannot listen on ${hostOf(0)}:${OF_PEERS}, for a member's machine`);
      this.skip();
    }
    consortium = await placed();
    dataDir = await mkdtemp(join(tmpdir(), 'tracecal-metrics-'));
    network = await startNative({ consortium, dataDir, ports: 'configured' });
    const { organisations, cryptoDir } = network;
    await asMember({ organisations, cryptoDir, consortium }, 'alpha', (alpha) => alpha.submit('put', 'key', 'value'));
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
    if ((dataDir as string | undefined) !== undefined) await rm(dataDir, { recursive: true, force: true });
  });

  function nodes(): readonly NodeProcess[] {
    return network.processes.filter(({ kind }) => kind !== 'chaincode');
  }

  /** Asks a node as Prometheus does that is set up as the page for operators says. */
  async function ask(node: NodeProcess, path: string): Promise<string> {
    const member = consortium.organisations.find((one) => one.peers.some((peer) => fullName(peer, one) === node.name));
    const orderer = consortium.orderers.find((one) => fullName(one, one) === node.name);
    const tree = member ? memberTree(network.cryptoDir, member) : ordererTree(network.cryptoDir, orderer!);
    const { certificate: cert, privateKey: key } = loadTls(tree.user(member ? 'User1' : 'Admin').tls);
    const ca = readFileSync(tree.tlsCaCertificate, 'utf8');
    const { status, text } = await askOperationsWith(node, path, { cert, key, ca });
    assert.equal(status, 200, node.name);
    return text;
  }

  it('are at the host of each node, and the network says where', async () => {
    const expected = consortium.organisations.flatMap((organisation, index) => [
      ...organisation.peers.map((peer) => [fullName(peer, organisation), `${hostOf(index)}:${OF_PEERS}`]),
    ]);
    for (const [index, orderer] of consortium.orderers.entries()) {
      expected.push([fullName(orderer, orderer), `${hostOf(index)}:${OF_ORDERERS}`]);
    }
    const told = network.supervised.filter(({ operations }) => operations !== undefined);
    assert.deepEqual(
      new Map(told.map(({ name, operations }) => [name, operations])),
      new Map(expected as [string, string][]),
    );
    for (const node of nodes()) assert.match(await ask(node, '/healthz'), /"status":"OK"/);
  });

  it('are refused to whoever shows no certificate', async () => {
    for (const node of nodes()) {
      for (const path of ['/metrics', '/healthz', '/logspec']) {
        await assert.rejects(askOperationsWith(node, path), node.name);
      }
    }
  });

  it('contain every metric of the dashboard', async () => {
    const shown = shownMetrics();
    assert.ok(shown.length > 20);
    await eventually(async () => {
      const served = new Set<string>();
      for (const node of nodes()) {
        for (const [, metric] of (await ask(node, '/metrics')).matchAll(/^(\w+)[ {]/gm)) {
          served.add(`${metric} of a ${node.kind}`);
        }
      }
      const missing = shown.map(([metric, kind]) => `${metric} of a ${kind}`).filter((name) => !served.has(name));
      assert.deepEqual(missing, []);
    });
  });
});
