import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import { loadIdentityCertificate, loadTls, memberTree } from '@tracecal/network/pki';
import type { MemberStatus } from '@tracecal/network/engine';
import type { Consortium } from '@tracecal/network/topology';
import { needsFabric } from '../support/fabricBinaries.js';
import { presentDates, unsealedCountries, type Hierarchy } from '../support/hierarchy.js';
import { CALIBRATION, calibrationOf, MemberMachines } from '../support/memberMachines.js';
import { submitAll } from '../support/submit.js';

/** Each runs an orderer and a peer. */
const FOUNDERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'];
const OWN = 'lab-alpha';

describe('A member that changes its own part, on native Fabric', function () {
  this.timeout(300_000);

  const founded = calibrationOf(FOUNDERS, '127.0.82');
  let machines: MemberMachines;
  let hierarchy: Hierarchy;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    machines = await MemberMachines.founded(founded, 'member-part');
    hierarchy = await unsealedCountries(undefined, presentDates());
    writeFileSync(machines.file('founding.json'), canonicalJson(hierarchy.steps[0]!.item));
    for (const id of FOUNDERS) await machines.up(id);
    await machines.areWhole(...FOUNDERS);
  });

  after(() => (machines as MemberMachines | undefined)?.remove());

  const tree = () => memberTree(join(machines.file(OWN), 'crypto-config'), founded.organisations.at(-1)!);

  async function statusOf(id: string): Promise<MemberStatus> {
    return (await machines.user(id).run('member', 'status')).document as MemberStatus;
  }

  function withPeer(): Consortium {
    return {
      ...founded,
      organisations: founded.organisations.map((each) =>
        each.id === OWN
          ? { ...each, peers: [...each.peers, { name: 'peer1', port: 7061, host: each.peers[0]!.host! }] }
          : each,
      ),
    };
  }

  it('adds a peer without a proposal: its next start makes the keys, and the peer joins and runs the chaincode', async () => {
    const changed = machines.describe('two-peers', withPeer());
    await machines.adopt(FOUNDERS, changed);
    await machines.restart(OWN);
    await machines.areWhole(OWN);
    const { nodes } = await statusOf(OWN);
    assert.deepEqual(
      nodes
        .filter(({ kind }) => kind === 'peer')
        .map(({ name, isReached, missingChannels }) => ({ name, isReached, missingChannels })),
      ['peer0', 'peer1'].map((name) => ({ name: `${name}.lab-alpha.example`, isReached: true, missingChannels: [] })),
    );
    await machines.areWhole('nmi-north');
    const { others } = await statusOf('nmi-north');
    assert.ok(others.some(({ name, isReached }) => name === 'peer1.lab-alpha.example' && isReached));
  });

  it('replaces its CAs: both stand in the channel for a while, by its own signature', async () => {
    const user = machines.user(OWN);
    await user.succeed('member', 'rotate', 'begin');
    assert.equal(await user.fail(7, 'member', 'rotate', 'renew'), 'NOT_IN_CHANNELS');
    await machines.propose(CALIBRATION, ['--authorities'], [OWN]);
    await user.succeed('member', 'rotate', 'renew');
    await machines.restart(OWN);
    await machines.areWhole(OWN);
    await user.succeed('member', 'rotate', 'retire');
    await machines.propose(CALIBRATION, ['--authorities'], [OWN]);
    await machines.restart(OWN);
    await machines.areWhole(OWN);
    const [ca, tlsCa] = [tree().caCertificate, tree().tlsCaCertificate].map(
      (file) => new X509Certificate(readFileSync(file)),
    );
    for (const name of ['peer0', 'peer1']) {
      const { msp, tls } = tree().node(name);
      assert.ok(new X509Certificate(loadIdentityCertificate(msp)).verify(ca!.publicKey), name);
      assert.ok(new X509Certificate(loadTls(tls).certificate).verify(tlsCa!.publicKey), name);
    }
  });

  it('is reached by others with its new certificates as soon as they take the description again', async () => {
    const north = await statusOf('nmi-north');
    assert.ok(north.others.some(({ name, isReached }) => name === 'peer0.lab-alpha.example' && !isReached));
    await machines.adopt(FOUNDERS, join(machines.file('nmi-north'), 'consortium.yaml'));
    await machines.areWhole('nmi-north');
  });

  it('writes and reads with its new certificates, through its own peers', async () => {
    await machines.as(OWN, async (alpha) => {
      await submitAll(hierarchy, hierarchy.submissions().slice(0, 1), () => alpha);
      assert.ok(await alpha.getOrganisation('nmi-north'));
    });
  });
});
