import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  DockerLayout,
  IN_CONTAINER,
  composeFile,
  ordererConfig,
  peerConfig,
  stageChaincode,
} from '@tracecal/network/fabric';
import {
  defaultConsortiumFile,
  readConsortium,
  type MemberOrganisation,
  type OrdererNode,
} from '@tracecal/network/topology';
import { withTemporaryFolder } from './temporaryFolder.js';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly args: Record<string, string> };
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck: { readonly test: readonly string[] };
  readonly logging: unknown;
}

interface Core {
  readonly operations: { readonly listenAddress: string };
}

interface OrdererYaml {
  readonly Operations: { readonly ListenAddress: string };
}

const consortium = readConsortium(defaultConsortiumFile());
const root = '/home/somebody/network';
const layout = new DockerLayout(root);
/** Those whose chaincode services are in the file. */
const MEMBERS = consortium.organisations.slice(0, 2);
const CHAINCODES = MEMBERS.map(({ domain }) => `chaincode-registry-1.0.${domain}`);

async function services(): Promise<ReadonlyMap<string, Service>> {
  const staged = {
    context: layout.imageDir('@tracecal/chaincode', '00'),
    directory: '/chaincode/chaincode',
    shim: '/chaincode/node_modules/fabric-shim/cli.js',
  };
  const chaincodes = MEMBERS.map(({ id, domain, mspId }) => ({
    service: `chaincode-registry-1.0.${domain}`,
    packageId: `registry_1.0:${id}`,
    staged,
    tls: join(root, 'chaincodes', 'registry@1.0', id, 'tls'),
    environment: { CORE_PEER_LOCALMSPID: mspId, PRICE: '$5' },
  }));
  const users = { nodes: '501:20', chaincode: '502:20' };
  const text = await composeFile(
    layout,
    {
      consortium,
      here: consortium,
      operations: new Map(),
      services: new Map(),
      description: '',
      isNew: false,
      isChanging: false,
    },
    chaincodes,
    users,
  );
  assert.ok(!text.includes(root), 'the file names no path of this machine');
  return new Map(Object.entries((parse(text) as { services: Record<string, Service> }).services));
}

describe('The compose file', () => {
  it('has a service for every peer, orderer and chaincode, by its full name', async () => {
    const names = [...(await services()).keys()].sort();
    const peers = consortium.organisations.flatMap(({ domain, peers }) => peers.map(({ name }) => `${name}.${domain}`));
    const orderers = consortium.orderers.map(({ name, domain }) => `${name}.${domain}`);
    assert.deepEqual(names, [...peers, ...orderers, ...CHAINCODES].sort());
  });

  it('gives no container a writable root, a capability or a way to more privileges, and checks the health of all', async () => {
    for (const [name, service] of await services()) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.equal(service.healthcheck.test[0], 'CMD', name);
    }
  });

  it('bounds what the output of each container takes on the disk', async () => {
    for (const [name, { logging }] of await services()) {
      assert.deepEqual(logging, { driver: 'json-file', options: { 'max-size': '8m', 'max-file': '4' } }, name);
    }
  });

  it('runs the nodes as the user whose files they are, and the chaincode as who it is told', async () => {
    for (const [name, { user }] of await services()) {
      assert.equal(user, name.startsWith('chaincode-') ? '502:20' : '501:20', name);
    }
  });

  it('takes the official images, unless the environment says otherwise', async () => {
    const all = await services();
    assert.equal(
      all.get('peer0.lab-alpha.example')?.image,
      '${TRACECAL_FABRIC_REGISTRY:-hyperledger}/fabric-peer:${TRACECAL_FABRIC_VERSION:-3.1.5}',
    );
    assert.match(all.get('orderer1.orderer.nmi-north.example')?.image ?? '', /\/fabric-orderer:/);
    assert.match(all.get(CHAINCODES[0]!)?.build?.args['NODE_IMAGE'] ?? '', /^\$\{TRACECAL_NODE_IMAGE:-node:/);
  });

  it('listens on loopback of the host only, and a chaincode not at all', async () => {
    for (const [name, { ports }] of await services()) {
      if (name.startsWith('chaincode-')) assert.equal(ports, undefined);
      else
        assert.ok(
          ports?.every((port) => port.startsWith('127.0.0.1:')),
          name,
        );
    }
    const [alpha] = (await services()).get('peer0.lab-alpha.example')?.ports ?? [];
    assert.equal(alpha, '127.0.0.1:7351:7351');
  });

  it('publishes no port by which a node shows its metrics and has its logs changed', async () => {
    const [organisation] = consortium.organisations as [MemberOrganisation];
    const [orderer] = consortium.orderers as [OrdererNode];
    const placement = {
      consortium,
      here: consortium,
      operations: new Map(),
      services: new Map(),
      description: '',
      isNew: false,
      isChanging: false,
    };
    const core = parse(await peerConfig(IN_CONTAINER, placement, organisation, organisation.peers[0]!)) as Core;
    assert.equal(core.operations.listenAddress, '127.0.0.1:9443');
    const own = parse(await ordererConfig(IN_CONTAINER, placement, orderer)) as OrdererYaml;
    assert.equal(own.Operations.ListenAddress, '127.0.0.1:9443');
    for (const { ports = [] } of (await services()).values()) assert.ok(ports.every((port) => !port.includes('9443')));
  });

  it('shows each container its own keys, and none of its organisation: no user, no authority, no other node', async () => {
    for (const [name, { volumes }] of await services()) {
      for (const volume of volumes.filter((path) => path.includes('crypto-config'))) {
        const [outside = ''] = volume.split(':');
        assert.ok(outside.endsWith(name) || /\/tlsca\/[^/]*cert\.pem$/.test(outside), `${name} sees ${outside}`);
        assert.ok(volume.endsWith(':ro'), volume);
      }
    }
  });

  it("has a chaincode service for each member, with that one's keys and MSP id alone", async () => {
    const all = await services();
    for (const [index, { id, mspId }] of MEMBERS.entries()) {
      const service = all.get(CHAINCODES[index]!)!;
      assert.equal(service.environment['CORE_PEER_LOCALMSPID'], mspId);
      assert.ok(service.command.includes(`--chaincode-id=registry_1.0:${id}`));
      assert.ok(service.volumes.every((volume) => volume.startsWith(`./chaincodes/registry@1.0/${id}/tls/`)));
    }
  });

  it('hands values with a dollar sign to a chaincode as they are', async () => {
    const service = (await services()).get(CHAINCODES[0]!)!;
    assert.equal(service.environment['PRICE'], '$$5');
  });
});

describe("The context of a chaincode's image", function () {
  this.timeout(60_000);

  it('holds the built package and its production dependencies, and neither sources nor tools', () =>
    withTemporaryFolder(async (folder) => {
      const context = join(folder, 'image');
      await mkdir(context);
      const { directory, shim } = await stageChaincode('@tracecal/chaincode', context);
      assert.deepEqual((await readdir(join(context, directory))).sort(), ['dist', 'package.json']);
      assert.ok(existsSync(join(context, shim)));
      const packages = await readdir(join(context, 'chaincode', 'node_modules'));
      for (const needed of ['fabric-shim', 'fabric-contract-api', 'zod']) assert.ok(packages.includes(needed), needed);
      for (const tool of ['typescript', 'mocha', 'eslint']) assert.ok(!packages.includes(tool), tool);
      const dockerfile = await readFile(join(context, 'Dockerfile'), 'utf8');
      assert.match(dockerfile, new RegExp(`^WORKDIR ${directory}$`, 'm'));
      const [, command = ''] = /^CMD (.*)$/m.exec(dockerfile) ?? [];
      const said = (JSON.parse(command) as string[]).join(' ');
      for (const part of [shim, '$CHAINCODE_SERVER_ADDRESS', '$CHAINCODE_ID']) assert.ok(said.includes(part), part);
    }));
});
