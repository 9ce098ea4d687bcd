import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import { connect } from '@tracecal/gateway-client';
import { connectionProfileFile } from '@tracecal/network/pki';
import {
  defaultConsortiumFile,
  readConsortium,
  withMembership,
  type Consortium,
  type Joining,
} from '@tracecal/network/topology';
import { agree, ceremonyOf, descriptionText, type Ceremony } from '../support/ceremony.js';
import { CliUser } from '../support/commandLine.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { presentDates, twoCountries, type Hierarchy } from '../support/hierarchy.js';
import { submitAll } from '../support/submit.js';

const CHANNEL = 'calibration';
/** Each runs an orderer and a peer. */
const FOUNDERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'];
const NEWCOMER = 'lab-beta';
const PATIENCE_MS = 120_000;

/** The institutes and one laboratory of the sample, each on an address of its own, which stands for its machine. */
function founded(): Consortium {
  const { organisations, orderers, channels, chaincodes, ...rest } = readConsortium(defaultConsortiumFile());
  const hostOf = (id: string): string => `127.0.79.${FOUNDERS.indexOf(id) + 1}`;
  return {
    ...rest,
    organisations: organisations
      .filter(({ id }) => FOUNDERS.includes(id))
      .map(({ peers, ...each }) => ({ ...each, peers: peers.map((peer) => ({ ...peer, host: hostOf(each.id) })) })),
    orderers: orderers.map((orderer) => ({ ...orderer, host: hostOf(orderer.runBy) })),
    channels: channels
      .filter(({ name }) => name === CHANNEL)
      .map((channel) => ({ ...channel, writers: FOUNDERS, readers: [] })),
    chaincodes: chaincodes.filter(({ name }) => name === 'registry'),
  };
}

function joining(): Joining {
  const sample = readConsortium(defaultConsortiumFile());
  const organisation = sample.organisations.find(({ id }) => id === NEWCOMER)!;
  const peers = organisation.peers.map((peer) => ({ ...peer, host: '127.0.79.9' }));
  return { organisation: { ...organisation, peers }, channels: { [CHANNEL]: 'writer' }, endorsement: {} };
}

describe('A member that joins members who each run their own nodes, on native Fabric', function () {
  this.timeout(300_000);

  let ceremony: Ceremony;
  let hierarchy: Hierarchy;
  let changed: string;

  const file = (name: string): string => join(ceremony.root, name);
  const user = (id: string): CliUser => new CliUser(file(id));
  const newcomer = (): CliUser => user(NEWCOMER);

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    const consortium = founded();
    ceremony = await ceremonyOf(consortium, 'member-join');
    agree(ceremony);
    hierarchy = await twoCountries(undefined, presentDates());
    writeFileSync(file('founding.json'), canonicalJson(hierarchy.steps[0]!.item));
    changed = file('changed.yaml');
    writeFileSync(changed, descriptionText(withMembership(consortium, { join: joining() })));
    for (const id of FOUNDERS) {
      await user(id).succeed('member', 'up', '--detach', '--founding', file('founding.json'));
    }
    for (const id of FOUNDERS) await isWhole(id);
  });

  after(async () => {
    if ((ceremony as Ceremony | undefined) === undefined) return;
    for (const id of [...FOUNDERS, NEWCOMER]) await user(id).run('member', 'down');
    rmSync(ceremony.root, { recursive: true, force: true });
  });

  async function isWhole(id: string): Promise<void> {
    await eventually(async () => {
      const { code, document } = await user(id).run('member', 'status');
      assert.equal(code, 0, JSON.stringify(document));
    }, PATIENCE_MS);
  }

  async function signedProposal(): Promise<string> {
    const create = ['proposal', 'create', CHANNEL, '--consortium', changed];
    const north = user('nmi-north');
    assert.equal(await north.fail(2, ...create, '-o', file('none.json')), 'MEMBER_MISSING');
    assert.equal(existsSync(file('none.json')), false);
    await north.succeed(...create, '--newcomer', file('beta.json'), '-o', file('proposal.json'));
    const signed = ['nmi-north', 'nmi-south'].map((id) => file(`${id}.signed.json`));
    await north.succeed('proposal', 'sign', file('proposal.json'), '-o', signed[0]!);
    await user('nmi-south').succeed('proposal', 'sign', signed[0]!, '-o', signed[1]!);
    return signed[1]!;
  }

  it('makes its own keys for the changed description, and cannot start before it is invited', async () => {
    await newcomer().succeed('member', 'init', '--member', NEWCOMER, '--consortium', changed);
    await newcomer().succeed('member', 'request', '-o', file('beta.json'));
    assert.equal(await newcomer().fail(2, 'member', 'up', '--detach'), 'NOT_ASSEMBLED');
  });

  it('is let in by a proposal with the certificates of its file', async () => {
    const signed = await signedProposal();
    const early = ['member', 'adopt', changed, '--newcomer', file('beta.json')];
    assert.equal(await user('nmi-north').fail(2, ...early), 'OTHER_CONSORTIUM');
    assert.deepEqual(readConsortium(file('nmi-north/consortium.yaml')), founded());
    const applied = await user('lab-alpha').succeed<{ outcome: string }>('proposal', 'apply', signed);
    assert.equal(applied.outcome, 'applied');
  });

  it('is taken up by every member into its own description', async () => {
    for (const id of FOUNDERS) {
      await eventually(async () => {
        const { joined } = await user(id).succeed<{ joined: readonly string[] }>(
          ...['member', 'adopt', changed, '--newcomer', file('beta.json')],
        );
        assert.deepEqual(joined, [NEWCOMER]);
      }, PATIENCE_MS);
      assert.equal(readFileSync(join(file(id), 'consortium.yaml'), 'utf8'), readFileSync(changed, 'utf8'));
    }
  });

  it('joins by an invitation, whose fingerprint others confirm, and starts its nodes', async () => {
    const invite = (id: string) =>
      user(id).succeed<{ fingerprint: string }>('member', 'invite', NEWCOMER, '-o', file(`${id}.invitation.json`));
    const [first, second] = [await invite('lab-alpha'), await invite('nmi-east')];
    const { fingerprint, channels } = await newcomer().succeed<{
      fingerprint: string;
      channels: readonly { channel: string; configuration: number }[];
    }>('member', 'accept', file('lab-alpha.invitation.json'));
    assert.deepEqual([first.fingerprint, second.fingerprint], [fingerprint, fingerprint]);
    assert.deepEqual(
      channels.map(({ channel, configuration }) => [channel, configuration]),
      [[CHANNEL, 1]],
    );
    await newcomer().succeed('member', 'up', '--detach', '--founding', file('founding.json'));
    await isWhole(NEWCOMER);
  });

  it('reads and writes through its own peer', async () => {
    const { organisations } = readConsortium(changed);
    const profileOf = (id: string): string =>
      connectionProfileFile(
        join(file(id), 'crypto-config'),
        organisations.find((each) => each.id === id)!,
      );
    const submissions = hierarchy.submissions();
    assert.ok(submissions.some(({ by }) => by === NEWCOMER));
    const device = [...hierarchy.devices.keys()].find((id) => id.endsWith('sensor-b'))!;
    const members = new Map(
      await Promise.all(
        [...FOUNDERS, NEWCOMER].map(
          async (id) => [id, await connect({ profile: profileOf(id), timeoutMs: 60_000 })] as const,
        ),
      ),
    );
    try {
      await submitAll(hierarchy, submissions, (by) => Promise.resolve(members.get(by)!));
      await eventually(async () => {
        const { status } = await members.get(NEWCOMER)!.traceCal(device, { asOf: instantOf(Date.now()) });
        assert.equal(status, 'TRACEABLE');
      }, PATIENCE_MS);
    } finally {
      for (const member of members.values()) member.close();
    }
  });

  it('leaves the others whole after they have started again with the changed description', async () => {
    for (const id of ['nmi-east', NEWCOMER]) {
      await user(id).succeed('member', 'down');
      await user(id).succeed('member', 'up', '--detach');
    }
    for (const id of [...FOUNDERS, NEWCOMER]) await isWhole(id);
  });

  it('leaves again by a proposal, and the others start without it', async () => {
    const without = file('without.yaml');
    writeFileSync(without, descriptionText(founded()));
    await newcomer().succeed('member', 'down');
    const [north, south] = [user('nmi-north'), user('nmi-south')];
    await north.succeed('proposal', 'create', CHANNEL, '--consortium', without, '-o', file('leave.json'));
    await south.succeed('proposal', 'sign', file('leave.json'), '-o', file('leave.south.json'));
    await north.succeed('proposal', 'sign', file('leave.south.json'), '-o', file('leave.signed.json'));
    await north.succeed('proposal', 'apply', file('leave.signed.json'));
    await north.succeed('member', 'adopt', without);
    await north.succeed('member', 'down');
    await north.succeed('member', 'up', '--detach');
    await isWhole('nmi-north');
  });

  it('leaves members who take a new version of a chaincode without a proposal: each approves it for itself', async () => {
    const { chaincodes, ...rest } = founded();
    const upgraded = file('upgraded.yaml');
    const next = chaincodes.map((each) => ({ ...each, version: '1.1', sequence: 2 }));
    writeFileSync(upgraded, descriptionText({ ...rest, chaincodes: next }));
    for (const id of ['nmi-north', 'nmi-south']) {
      await user(id).succeed('member', 'adopt', upgraded);
      await user(id).succeed('member', 'down');
      await user(id).succeed('member', 'up', '--detach');
    }
    for (const id of ['nmi-north', 'nmi-south']) await isWhole(id);
  });
});
