import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayError } from '@hyperledger/fabric-gateway';
import {
  approveDefinition,
  commitDefinition,
  joinOrderer,
  listDefinitions,
  listOrdererChannels,
  listPeerChannels,
  ordererChannel,
  packageService,
  removeOrderer,
} from '@tracecal/network/admin';
import type { SupervisedProcess } from '@tracecal/network/engine';
import { nativeState, resetNative, startNative, stopNative, type FabricNetwork } from '@tracecal/network/fabric';
import { loadTls, memberTree } from '@tracecal/network/pki';
import {
  defaultConsortiumFile,
  readConsortium,
  type ChaincodeDeployment,
  type MemberOrganisation,
} from '@tracecal/network/topology';
import { isHeard } from '../support/chaincodeStream.js';
import { eventually } from '../support/eventually.js';
import { needsFabric, runFabric } from '../support/fabricBinaries.js';
import { keyFilesBelow } from '../support/keyFiles.js';
import { askOperations, askOperationsWith } from '../support/operations.js';
import { memberGateway } from './memberGateway.js';

const CHAINCODE = join(__dirname, '..', '..', 'support', 'chaincode-kv');

const described = readConsortium(defaultConsortiumFile());
const kv: ChaincodeDeployment = {
  name: 'kv',
  channels: ['calibration', 'measurement-a', 'monitoring-a'],
  version: '1.0',
  sequence: 1,
  endorsement: {
    calibration: '/Channel/Application/Endorsement',
    'measurement-a': "OR('OemAMSP.peer')",
    'monitoring-a': "OR('MonitorMSP.peer')",
  },
  service: { package: CHAINCODE },
  collections: [
    {
      name: 'labs',
      members: ['lab-alpha', 'lab-beta'],
      memberOnlyRead: true,
      memberOnlyWrite: true,
      requiredPeerCount: 0,
      maxPeerCount: 1,
      blockToLive: 0,
      endorsement: "AND('LabAlphaMSP.peer', 'LabBetaMSP.peer')",
    },
  ],
};
const consortium = { ...described, chaincodes: [kv] };

/** Ids of the channels that an organisation belongs to. */
function channelsOf(id: string): readonly string[] {
  return described.channels
    .filter(({ writers, readers }) => [...writers, ...readers].includes(id))
    .map(({ name }) => name);
}

describe('A native network of real Fabric', function () {
  let dataDir: string;
  let network: FabricNetwork;

  async function submit(id: string, channel: string, key: string, value: string): Promise<void> {
    const member = memberGateway(network, id);
    try {
      await member.contract(channel, 'kv').submitTransaction('put', key, value);
    } finally {
      member.close();
    }
  }

  function statusOf(name: string): SupervisedProcess {
    return network.supervised.find((one) => one.name === name)!;
  }

  async function evaluate(id: string, channel: string, key: string): Promise<string> {
    const member = memberGateway(network, id);
    try {
      return Buffer.from(await member.contract(channel, 'kv').evaluateTransaction('get', key)).toString();
    } finally {
      member.close();
    }
  }

  /** Runs Fabric's own tool as the administrator of the first organisation, on its peer. */
  function peer(...args: readonly string[]): string {
    const [{ connection, organisation }] = network.peers as [FabricNetwork['peers'][number]];
    const tree = memberTree(network.cryptoDir, organisation);
    return runFabric('peer', args, {
      FABRIC_CFG_PATH: join(dataDir, 'peers', connection.name),
      CORE_PEER_ADDRESS: connection.address,
      CORE_PEER_LOCALMSPID: organisation.mspId,
      CORE_PEER_MSPCONFIGPATH: tree.user('Admin').msp,
      CORE_PEER_TLS_ROOTCERT_FILE: tree.tlsCaCertificate,
    }).toString();
  }

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    dataDir = await mkdtemp(join(tmpdir(), 'tracecal-native-'));
    network = await startNative({ consortium, dataDir, ports: 'free' });
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
    if ((dataDir as string | undefined) !== undefined) await rm(dataDir, { recursive: true, force: true });
  });

  describe('whose members use the unmodified client library', () => {
    it('commits what any writer of the calibration level submits through its own peer, and all members read it', async () => {
      for (const id of ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha', 'lab-beta']) {
        await submit(id, 'calibration', `from ${id}`, id);
      }
      for (const { id } of described.organisations) {
        assert.equal(await evaluate(id, 'calibration', 'from lab-beta'), 'lab-beta', `as read by ${id}`);
      }
    });

    it('has the orderers refuse what a reader of the calibration level submits', async () => {
      for (const id of ['oem-a', 'monitor']) {
        await assert.rejects(submit(id, 'calibration', 'from below', id), (error) => {
          assert.ok(error instanceof GatewayError);
          assert.equal(error.name, 'SubmitError');
          assert.match(error.details.map(({ message }) => message).join(), /status=FORBIDDEN/);
          return true;
        });
      }
      assert.equal(await evaluate('lab-alpha', 'calibration', 'from below'), '');
    });

    it('lets a site be written by its OEM, and be seen by nobody but its monitor', async () => {
      await submit('oem-a', 'measurement-a', 'reading', 'verdict');
      assert.equal(await evaluate('monitor', 'measurement-a', 'reading'), 'verdict');
      await assert.rejects(submit('monitor', 'measurement-a', 'reading', 'forged'), { name: 'SubmitError' });
      for (const outsider of ['oem-b', 'lab-alpha', 'nmi-north']) {
        await assert.rejects(submit(outsider, 'measurement-a', 'reading', 'forged'), { name: 'EndorseError' });
      }
      assert.equal(await evaluate('oem-a', 'measurement-a', 'reading'), 'verdict');
    });
  });

  describe('with a private collection', () => {
    it('keeps its values among the members, and shows everybody else no more than a hash', async () => {
      const [alpha, beta, north] = ['lab-alpha', 'lab-beta', 'nmi-north'].map((id) => memberGateway(network, id));
      const on = (member: typeof alpha) => member!.contract('calibration', 'kv');
      try {
        await on(alpha).submit('putPrivate', { arguments: ['labs', 'offer'], transientData: { value: '17.5 mK' } });
        const read = await on(beta).evaluateTransaction('getPrivate', 'labs', 'offer');
        assert.equal(Buffer.from(read).toString(), '17.5 mK');
        await assert.rejects(on(north).evaluateTransaction('getPrivate', 'labs', 'offer'));
        const hash = await on(north).evaluateTransaction('getPrivateHash', 'labs', 'offer');
        assert.equal(Buffer.from(hash).toString(), createHash('sha256').update('17.5 mK').digest('hex'));
      } finally {
        for (const member of [alpha, beta, north]) member?.close();
      }
    });
  });

  describe('that was brought up without command-line tools', () => {
    it('has joined every peer to the channels of its organisation and to no other', async () => {
      for (const { connection, admin, organisation } of network.peers) {
        const joined = await listPeerChannels(connection, admin);
        assert.deepEqual([...joined].sort(), [...channelsOf(organisation.id)].sort());
      }
    });

    it('has every orderer take an active part in every channel', async () => {
      for (const orderer of network.orderers) {
        const names = described.channels.map(({ name }) => name);
        assert.deepEqual([...(await listOrdererChannels(orderer.admin))].sort(), [...names].sort());
        const part = await ordererChannel(orderer.admin, 'calibration');
        assert.equal(part?.status, 'active');
        assert.equal(part.consensusRelation, 'consenter');
      }
    });

    it('takes an orderer out of a channel and in again', async () => {
      const orderer = network.orderers.at(-1)!;
      await removeOrderer(orderer.admin, 'monitoring-b');
      assert.equal(await ordererChannel(orderer.admin, 'monitoring-b'), undefined);
      const block = await readFile(join(dataDir, 'channels', 'monitoring-b.block'));
      await assert.doesNotReject(joinOrderer(orderer.admin, block));
      await assert.rejects(joinOrderer(orderer.admin, block), { code: 'REFUSED', node: orderer.name });
    });

    it('has the definitions that `peer lifecycle chaincode querycommitted` reports', async () => {
      const { connection, admin } = network.peers[0]!;
      const definitions = await listDefinitions(connection, admin, 'calibration');
      assert.deepEqual(
        definitions.map(({ name, version, sequence }) => ({ name, version, sequence })),
        [{ name: 'kv', version: '1.0', sequence: 1 }],
      );
      const printed = peer(
        'lifecycle',
        'chaincode',
        'querycommitted',
        '--channelID',
        'calibration',
        '--output',
        'json',
      );
      const reported = (JSON.parse(printed) as { chaincode_definitions: Record<string, unknown>[] })
        .chaincode_definitions[0];
      assert.equal(reported?.['name'], 'kv');
      assert.equal(reported['version'], '1.0');
      assert.equal(reported['sequence'], 1);
      assert.deepEqual(
        Buffer.from(String(reported['validation_parameter']), 'base64'),
        Buffer.from(definitions[0]!.endorsement),
      );
    });

    it('has the package installed that `peer lifecycle chaincode queryinstalled` and `queryapproved` report', async () => {
      const id = (await readFile(join(dataDir, 'chaincodes', 'kv', 'nmi-north', 'package-id'), 'utf8')).trim();
      const installed = JSON.parse(peer('lifecycle', 'chaincode', 'queryinstalled', '--output', 'json')) as {
        installed_chaincodes: { package_id: string; label: string; references: object }[];
      };
      assert.deepEqual(
        installed.installed_chaincodes.map(({ package_id: packageId, label }) => [packageId, label]),
        [[id, 'kv_1.0']],
      );
      const approved = peer('lifecycle', 'chaincode', 'queryapproved', '-C', 'calibration', '-n', 'kv');
      assert.ok(approved.includes(`sequence: 1, version: 1.0`) && approved.includes(`package-id: ${id}`), approved);
    });

    it('approves what `peer lifecycle chaincode checkcommitreadiness` finds approved, to the byte', async () => {
      const policy = "AND('NmiNorthMSP.peer', 'NmiSouthMSP.peer')";
      const readiness = (): Record<string, boolean> => {
        const definition = ['-n', 'other', '--version', '2.0', '--sequence', '1', '--signature-policy', policy];
        const printed = peer(
          'lifecycle',
          'chaincode',
          'checkcommitreadiness',
          '-C',
          'calibration',
          ...definition,
          '--output',
          'json',
        );
        return (JSON.parse(printed) as { approvals: Record<string, boolean> }).approvals;
      };
      const ready = (): string[] => Object.keys(readiness()).filter((mspId) => readiness()[mspId] === true);
      assert.deepEqual(ready(), []);
      const definition = { name: 'other', version: '2.0', sequence: 1, endorsement: policy };
      const [{ connection, admin, organisation }] = network.peers as [FabricNetwork['peers'][number]];
      const orderers = network.orderers.map((orderer) => orderer.connection);
      const route = { signer: admin, endorsers: [connection], orderers } as const;
      await approveDefinition('calibration', definition, 'other_2.0:not-installed', route);
      assert.deepEqual(ready(), [organisation.mspId]);
      // One organisation is no majority.
      const commit = commitDefinition('calibration', definition, route);
      await assert.rejects(commit, { code: 'INVALIDATED', message: /ENDORSEMENT_POLICY_FAILURE/ });
    });

    it('names packages as `peer lifecycle chaincode calculatepackageid` does', async () => {
      const packaged = packageService('registry_1.0', { address: '127.0.0.1:9999' });
      const file = join(dataDir, 'registry.tar.gz');
      await writeFile(file, packaged.bytes);
      const printed = runFabric('peer', ['lifecycle', 'chaincode', 'calculatepackageid', file], {
        FABRIC_CFG_PATH: join(dataDir, 'peers', network.peers[0]!.name),
      });
      assert.equal(printed.toString().trim(), packaged.id);
    });
  });

  describe('whose nodes are watched', () => {
    it('serves health on loopback, for every peer and orderer', async () => {
      const nodes = network.processes.filter(({ kind }) => kind !== 'chaincode');
      assert.equal(nodes.length, described.orderers.length + described.organisations.length);
      for (const node of nodes) {
        const { status } = await askOperations(node, network.cryptoDir, '/healthz');
        assert.equal(status, 200, node.name);
      }
    });

    it('shows its metrics and lets its logs be changed only with a certificate of its own TLS authority', async () => {
      const [member] = described.organisations as [MemberOrganisation];
      const { certificate: cert, privateKey: key } = loadTls(memberTree(network.cryptoDir, member).user('User1').tls);
      for (const node of network.processes.filter(({ kind }) => kind !== 'chaincode')) {
        assert.equal((await fetch(`http://${node.operations}/logspec`)).status, 400, node.name);
        for (const path of ['/logspec', '/metrics', '/healthz']) {
          await assert.rejects(askOperationsWith(node, path), node.name);
          if (node.name !== `peer0.${member.domain}`) {
            await assert.rejects(askOperationsWith(node, path, { cert, key }), node.name);
          }
        }
      }
    });

    it('is whole again when processes have ended by themselves, and says how often', async () => {
      for (const kind of ['orderer', 'peer', 'chaincode']) {
        const { name, pid } = network.processes.find((one) => one.kind === kind)!;
        for (const restarts of [1, 2]) {
          const before = await eventually(() => {
            const { pid: running } = statusOf(name);
            assert.ok(running, name);
            return running;
          });
          process.kill(before, 'SIGKILL');
          await eventually(() => {
            const now = statusOf(name);
            assert.equal(now.restarts, restarts, name);
            assert.match(now.lastEnd ?? '', /^SIGKILL, /);
          });
        }
        assert.notEqual(statusOf(name).pid, pid);
      }
      await network.ready();
      await eventually(() => submit('nmi-north', 'calibration', 'after its restart', 'yes'));
      assert.equal(await evaluate('nmi-north', 'calibration', 'after its restart'), 'yes');
    });

    it("gives every member a chaincode service of its own, which another's key does not open", async () => {
      const connections = await Promise.all(described.organisations.map(({ domain }) => connectionOf(dataDir, domain)));
      for (const part of ['address', 'root_cert', 'client_cert', 'client_key'] as const) {
        assert.equal(new Set(connections.map((one) => one[part])).size, described.organisations.length, part);
      }
      const [north, south] = connections as [Connection, Connection];
      assert.equal(await opens(north, north), true);
      assert.equal(await opens(north, south), false);
      assert.equal(await opens(north), false);
    });

    it('keeps every copy of every key from other users of the machine', () => {
      const files = keyFilesBelow(dataDir);
      assert.ok(files.some(({ path }) => path.includes('externalbuilder')));
      assert.deepEqual(
        files.filter(({ isOpen }) => isOpen).map(({ path }) => path),
        [],
      );
    });

    it('is known to be running, and is not started a second time', async () => {
      assert.equal(await nativeState(dataDir), 'running');
      const code = 'DATA_DIRECTORY_IN_USE';
      await assert.rejects(startNative({ consortium, dataDir, ports: 'free' }), { code });
      await assert.rejects(stopNative(dataDir), { code });
      await assert.rejects(resetNative(dataDir), { code });
    });
  });

  describe('whose chaincode changes', () => {
    it('goes over to the next sequence while it runs', async () => {
      await network.deploy({ ...kv, version: '1.1', sequence: 2 });
      await submit('lab-alpha', 'calibration', 'after the upgrade', 'yes');
      assert.equal(await evaluate('oem-b', 'calibration', 'from lab-beta'), 'lab-beta');
      const services = network.processes.filter(({ kind }) => kind === 'chaincode');
      assert.deepEqual(
        services.map(({ name }) => name).sort(),
        described.organisations.map(({ domain }) => `kv.${domain}@1.1`).sort(),
      );
      assert.ok(services.every(({ running }) => running));
    });

    it('stays as it is when a member cannot take part, and is upgraded when it can again', async () => {
      const away = network.processes.find(({ name }) => name === 'peer0.lab-beta.example')!;
      away.kill('SIGKILL');
      const next = { ...kv, version: '1.2', sequence: 3 };
      await assert.rejects(network.upgrade(next), {
        code: 'UNREACHABLE',
        message: /^kv stays at sequence 2: peer0\.lab-beta\.example/,
      });
      await submit('lab-alpha', 'calibration', 'without lab-beta', 'yes');
      const { connection, admin } = network.peers[0]!;
      const definitions = await listDefinitions(connection, admin, 'calibration');
      assert.deepEqual(
        definitions.map(({ sequence }) => sequence),
        [2],
      );
      await away.start();
      await network.ready();
      assert.equal((await network.upgrade(next)).changed, true);
    });

    it('refuses another definition under the same sequence', async () => {
      const changed = { ...kv, version: '1.3', sequence: 3 };
      await assert.rejects(network.deploy(changed), { code: 'BAD_CHAINCODE', message: /sequence 4/ });
      await submit('lab-alpha', 'calibration', 'after the refusal', 'yes');
    });
  });

  describe('that is stopped', () => {
    const upgraded = { ...described, chaincodes: [{ ...kv, version: '1.2', sequence: 3 }] };

    it('continues with its data after an orderly stop', async () => {
      await network.stop();
      assert.equal(await nativeState(dataDir), 'stopped');
      network = await startNative({ consortium: upgraded, dataDir, ports: 'free' });
      assert.equal(await evaluate('monitor', 'calibration', 'after the upgrade'), 'yes');
      await submit('nmi-south', 'calibration', 'after the stop', 'yes');
    });

    it('continues with its data after all of its processes were killed at once', async () => {
      for (const process of network.processes) process.kill('SIGKILL');
      await network.stop();
      network = await startNative({ consortium: upgraded, dataDir, ports: 'free' });
      // Its peer may have been killed before it heard of that.
      await eventually(async () => {
        assert.equal(await evaluate('lab-beta', 'calibration', 'after the stop'), 'yes');
      });
      await submit('lab-beta', 'calibration', 'after the kill', 'yes');
    });

    it('does not continue with the data of another consortium', async () => {
      await network.stop();
      const fewer = { ...upgraded, channels: described.channels.slice(0, 1) };
      await assert.rejects(startNative({ consortium: fewer, dataDir, ports: 'free' }), { code: 'OTHER_CONSORTIUM' });
    });

    it('removes all of its own files when it is reset, and nothing else', async () => {
      await writeFile(join(dataDir, 'notes.txt'), 'mine');
      await resetNative(dataDir);
      assert.equal(await nativeState(dataDir), 'absent');
      const left = (await readdir(dataDir)).filter((name) => name !== 'registry.tar.gz');
      assert.deepEqual(left, ['notes.txt']);
    });
  });
});

describe('A native network whose supervisor was killed', () => {
  it('is ended, though nobody is left who started it', async function () {
    needsFabric(this, 'peer', 'orderer');
    const dataDir = await mkdtemp(join(tmpdir(), 'tracecal-native-'));
    try {
      const supervisor = fork(join(__dirname, 'abandonNetwork.js'), [dataDir]);
      await once(supervisor, 'message');
      supervisor.kill('SIGKILL');
      await once(supervisor, 'exit');
      assert.equal(await nativeState(dataDir), 'running');

      await stopNative(dataDir);

      assert.equal(await nativeState(dataDir), 'stopped');
    } finally {
      await resetNative(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

/** What a package tells a peer of its chaincode service. */
interface Connection {
  readonly address: string;
  readonly root_cert: string;
  readonly client_cert: string;
  readonly client_key: string;
}

/** What a member's external builder has told its peer. */
async function connectionOf(dataDir: string, domain: string): Promise<Connection> {
  const builds = join(dataDir, 'peers', `peer0.${domain}`, 'production', 'externalbuilder', 'builds');
  const [build] = await readdir(builds);
  const file = join(builds, build ?? '', 'release', 'chaincode', 'server', 'connection.json');
  return JSON.parse(await readFile(file, 'utf8')) as Connection;
}

/** Whether a service talks to who shows this client key, or none. */
function opens({ address, root_cert: ca }: Connection, shown?: Connection): Promise<boolean> {
  const client = shown && { cert: shown.client_cert, key: shown.client_key };
  return isHeard(connectHttp2(`https://${address}`, { ca, ...client }));
}
