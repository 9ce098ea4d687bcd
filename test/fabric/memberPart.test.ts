import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import { loadIdentityCertificate, loadTls, memberTree } from '@tracecal/network/pki';
import type { MemberStatus } from '@tracecal/network/engine';
import type { Channel, Consortium } from '@tracecal/network/topology';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { presentDates, unsealedCountries, type Hierarchy } from '../support/hierarchy.js';
import { CALIBRATION, calibrationOf, MemberMachines } from '../support/memberMachines.js';
import { submitAll } from '../support/submit.js';

/** Each runs an orderer and a peer. */
const FOUNDERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'];
const OWN = 'lab-alpha';
const PATIENCE_MS = 120_000;

describe('A member that changes its own part, on native Fabric', function () {
  this.timeout(300_000);

  const founded = calibrationOf(FOUNDERS, '127.0.82');
  let machines: MemberMachines;
  let hierarchy: Hierarchy;
  let proposals = 0;

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

  it('begins a new channel with the others: all make the same first block, and any of them changes the channel later', async () => {
    const { channels, ...rest } = withPeer();
    const added: Channel = {
      ...{ name: 'comparison', level: 'calibration', writers: ['nmi-north', 'nmi-south'], readers: [OWN] },
      batch: { maxMessages: 10, timeoutMs: 100 },
    };
    const next = { ...rest, channels: [...channels, added] };
    const changed = machines.describe('new-channel', next);
    const fingerprints = new Set<string>();
    for (const id of FOUNDERS) {
      const { fingerprint } = await machines.user(id).succeed<{ fingerprint: string }>('member', 'adopt', changed);
      fingerprints.add(fingerprint);
    }
    assert.equal(fingerprints.size, 1);
    await machines.restart(...FOUNDERS);
    await machines.areWhole(...FOUNDERS);
    const batched = { ...next, channels: [...channels, { ...added, batch: { maxMessages: 7, timeoutMs: 100 } }] };
    const wanted = ['--consortium', machines.describe('batched', batched)];
    await machines.propose('comparison', wanted, ['nmi-north', 'nmi-south']);
    await machines.adopt(FOUNDERS, machines.file('batched.yaml'));
  });

  /** As a reader of one of its channels, it needs somebody who applies it there. */
  async function proposeAuthorities(): Promise<void> {
    await machines.propose(CALIBRATION, ['--authorities'], [OWN]);
    const [made, signed] = ['made', 'signed'].map((name) => machines.file(`${name}-${++proposals}.json`));
    const user = machines.user(OWN);
    await user.succeed('proposal', 'create', 'comparison', '--authorities', '-o', made!);
    await user.succeed('proposal', 'sign', made!, '-o', signed!);
    assert.equal(await user.fail(7, 'proposal', 'apply', signed!), 'NOT_WRITER');
    await eventually(() => machines.user('nmi-north').succeed('proposal', 'apply', signed!), PATIENCE_MS);
  }

  it('replaces its CAs: both stand in the channel for a while, by its own signature', async () => {
    const user = machines.user(OWN);
    await user.succeed('member', 'rotate', 'begin');
    assert.equal(await user.fail(7, 'member', 'rotate', 'renew'), 'NOT_IN_CHANNELS');
    await proposeAuthorities();
    await user.succeed('member', 'rotate', 'renew');
    await machines.restart(OWN);
    await machines.areWhole(OWN);
    await user.succeed('member', 'rotate', 'retire');
    await proposeAuthorities();
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
