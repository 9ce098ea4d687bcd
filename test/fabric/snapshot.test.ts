import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import { connect, type TraceCal } from '@tracecal/gateway-client';
import { ordererChannel } from '@tracecal/network/admin';
import { startNative, type FabricNetwork } from '@tracecal/network/fabric';
import {
  defaultConsortiumFile,
  readConsortium,
  withOrganisation,
  type Consortium,
  type Joining,
} from '@tracecal/network/topology';
import { Application } from '../support/application.js';
import { blocksOf } from '../support/blocks.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { killed, started } from '../support/faultNetwork.js';
import { presentDates, twoCountries, type Hierarchy } from '../support/hierarchy.js';
import { startedFor } from '../support/registryNetwork.js';
import { momentOf, submitAll } from '../support/submit.js';

const CALIBRATION = 'calibration';
const NEW = 'lab-gamma';

const joining: Joining = {
  organisation: {
    id: NEW,
    mspId: 'LabGammaMSP',
    name: 'Gamma Calibration Laboratory',
    kind: 'LAB',
    country: 'ZZ',
    domain: 'lab-gamma.example',
    peers: [{ name: 'peer0', port: 7951 }],
    users: [{ name: 'User1', roles: ['registrar', 'issuer'] }],
  },
  channels: { [CALIBRATION]: 'writer' },
  endorsement: {},
};

describe('An organisation whose peer joins from a snapshot', function () {
  this.timeout(300_000);

  let dataDir: string;
  let network: FabricNetwork;
  let consortium: Consortium;
  /** The number of the last block from before the organisation was asked in. */
  let last: number;
  /** The number of the first block that comes when it is in. */
  let joined: number;
  let hierarchy: Hierarchy;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    dataDir = mkdtempSync(join(tmpdir(), 'tracecal-snapshot-'));
    consortium = readConsortium(defaultConsortiumFile());
    hierarchy = await twoCountries(undefined, presentDates());
    const chaincodeEnvironment = startedFor(hierarchy);
    network = await startNative({ consortium, dataDir, ports: 'free', chaincodeEnvironment });
    await submitNew();
    last = (await heightOfOrderers()) - 1;
    consortium = withOrganisation(consortium, joining);
    await network.reconfigure(consortium, { joinFrom: 'snapshot' });
    joined = await heightOfOrderers();
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
    if ((dataDir as string | undefined) !== undefined) rmSync(dataDir, { recursive: true, force: true });
  });

  /** Submits what was built since a number of steps. */
  async function submitNew(from = 0): Promise<void> {
    const members = new Map<string, TraceCal>();
    try {
      await submitAll(hierarchy, hierarchy.submissions(from), async (id) => {
        const member = members.get(id) ?? (await connect(profileOf(id)));
        members.set(id, member);
        return member;
      });
    } finally {
      for (const member of members.values()) member.close();
    }
  }

  async function heightOfOrderers(): Promise<number> {
    return (await ordererChannel(network.orderers[0]!.admin, CALIBRATION))!.height;
  }

  function profileOf(id: string): string {
    return network.organisations.find((organisation) => organisation.id === id)!.profile;
  }

  async function asMember<T>(id: string, act: (member: TraceCal) => Promise<T>): Promise<T> {
    const member = await connect(profileOf(id));
    try {
      return await act(member);
    } finally {
      member.close();
    }
  }

  /** The blocks of an organisation's own peer, both included. */
  async function blocks(id: string, from: number, to: number): Promise<readonly common.Block[]> {
    const place = { consortium, organisations: network.organisations, cryptoDir: network.cryptoDir };
    const application = new Application(place, id);
    try {
      return await blocksOf(application.network(CALIBRATION), from, to);
    } finally {
      application.close();
    }
  }

  it('answers every trace as the others do, byte for byte', async () => {
    const asOf = instantOf(Date.now());
    for (const device of hierarchy.devices.keys()) {
      const verdicts = await Promise.all(
        ['nmi-north', 'oem-b', NEW].map((id) => asMember(id, (member) => member.traceCal(device, { asOf }))),
      );
      const [first, ...others] = verdicts.map(canonicalJson);
      assert.equal(verdicts[0]?.status, 'TRACEABLE');
      for (const verdict of others) assert.equal(verdict, first);
    }
  });

  it('has no block from before it was asked in', async () => {
    for (const number of [0, last]) {
      await assert.rejects(blocks(NEW, number, number), /404/);
      assert.equal((await blocks('nmi-south', number, number)).length, 1);
    }
  });

  it('writes what the others read', async () => {
    const before = hierarchy.steps.length;
    await hierarchy.addOrganisation({ id: NEW, kind: 'LAB', certifiedBy: 'nmi-north' });
    await hierarchy.addTechnician({ id: 't-lab-gamma', organisation: NEW });
    await hierarchy.addDevice({ id: 'reference-c', technician: 't-lab-gamma', kind: 'standard' });
    hierarchy.addReport({
      id: 'reference-c-r1',
      device: 'reference-c',
      technician: 't-nmi-north',
      parents: ['primary-a-r1'],
    });
    await submitNew(before);
    const { status } = await asMember('oem-b', async (member) =>
      member.traceCal('lab-gamma/reference-c', { asOf: await momentOf(member) }),
    );
    assert.equal(status, 'TRACEABLE');
  });

  it('has every later block with the same validity and the same hash of its state as the others', async () => {
    const height = await heightOfOrderers();
    assert.ok(height > joined);
    const [theirs, own] = await Promise.all(['nmi-south', NEW].map((id) => blocks(id, joined, height - 1)));
    assert.deepEqual(own!.map(known), theirs!.map(known));
    assert.equal(own!.length, height - joined);
  });

  it('still has it all after its peer was restarted', async () => {
    const peer = network.processes.find(({ name }) => name.endsWith('.lab-gamma.example'))!;
    await killed(peer);
    await started(peer);
    await network.ready();
    const { status } = await asMember(NEW, (member) => member.traceCal('oem-b/sensor-b'));
    assert.equal(status, 'TRACEABLE');
  });
});

/** What a block says by which two peers' ledgers can be told apart. */
function known(block: common.Block) {
  const metadata = block.getMetadata()!.getMetadataList_asU8();
  const { COMMIT_HASH, TRANSACTIONS_FILTER } = common.BlockMetadataIndex;
  assert.ok(metadata[COMMIT_HASH]!.length > 0);
  return [block.getHeader()!.toObject(), ...[COMMIT_HASH, TRANSACTIONS_FILTER].map((index) => toHex(metadata[index]!))];
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
