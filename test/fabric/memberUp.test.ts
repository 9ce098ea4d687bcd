import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import { connect, type TraceCal } from '@tracecal/gateway-client';
import { nativeState } from '@tracecal/network/fabric';
import type { MemberStatus } from '@tracecal/network/engine';
import { connectionProfileFile } from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { agree, ceremonyOf, descriptionText, type Ceremony } from '../support/ceremony.js';
import { CliUser } from '../support/commandLine.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { presentDates, twoCountries, type Hierarchy } from '../support/hierarchy.js';
import { submitAll } from '../support/submit.js';

const CALIBRATION = 'calibration';
/** Two institutes of three. */
const MAJORITY = ['nmi-north', 'nmi-south'];
const LATE = ['nmi-east', 'lab-alpha', 'lab-beta', 'oem-a', 'oem-b', 'monitor'];
const MEMBERS = [...MAJORITY, ...LATE];
const PATIENCE_MS = 120_000;

/** The sample, with each member's nodes on an address of its own, which stands for its machine. */
function onManyMachines(): Consortium {
  const { organisations, orderers, ...rest } = readConsortium(defaultConsortiumFile());
  const hostOf = (id: string): string => `127.0.78.${MEMBERS.indexOf(id) + 1}`;
  return {
    ...rest,
    organisations: organisations.map(({ peers, ...each }) => ({
      ...each,
      peers: peers.map((peer) => ({ ...peer, host: hostOf(each.id) })),
    })),
    orderers: orderers.map((orderer) => ({ ...orderer, host: hostOf(orderer.runBy) })),
  };
}

describe('Members who each start their own nodes, on native Fabric', function () {
  this.timeout(300_000);

  const consortium = onManyMachines();
  let ceremony: Ceremony;
  let hierarchy: Hierarchy;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    ceremony = await ceremonyOf(consortium, 'member-up');
    agree(ceremony);
    hierarchy = await twoCountries(undefined, presentDates());
    writeFileSync(join(ceremony.root, 'founding.json'), canonicalJson(hierarchy.steps[0]!.item));
  });

  after(async () => {
    if ((ceremony as Ceremony | undefined) === undefined) return;
    for (const id of MEMBERS) await user(id).run('member', 'down');
    rmSync(ceremony.root, { recursive: true, force: true });
  });

  function directoryOf(id: string): string {
    return join(ceremony.root, id);
  }

  function user(id: string): CliUser {
    return new CliUser(directoryOf(id));
  }

  function up(id: string): Promise<unknown> {
    return user(id).succeed('member', 'up', '--detach', '--founding', join(ceremony.root, 'founding.json'));
  }

  async function statusOf(id: string): Promise<{ readonly code: number; readonly status: MemberStatus }> {
    const { code, document } = await user(id).run('member', 'status');
    return { code, status: document as MemberStatus };
  }

  async function isWhole(id: string): Promise<void> {
    await eventually(async () => {
      const { code, status } = await statusOf(id);
      const closed = consortium.channels.filter(({ readers }) => readers.includes(id)).map(({ name }) => name);
      const open = status.chaincodes.filter(({ isApproved }) => !isApproved).map(({ channel }) => channel);
      assert.deepEqual([code, open], [closed.length === 0 ? 0 : 5, closed], JSON.stringify(status));
      assert.ok(status.chaincodes.every(({ isCommitted }) => isCommitted));
      assert.ok(status.others.every(({ isReached }) => isReached));
    }, PATIENCE_MS);
  }

  function connectAs(id: string): Promise<TraceCal> {
    const organisation = consortium.organisations.find((each) => each.id === id)!;
    const profile = connectionProfileFile(join(directoryOf(id), 'crypto-config'), organisation);
    return connect({ profile, timeoutMs: 60_000 });
  }

  async function as<T>(id: string, act: (member: TraceCal) => Promise<T>): Promise<T> {
    const member = await connectAs(id);
    try {
      return await act(member);
    } finally {
      member.close();
    }
  }

  it('wait for the others, whom the first of them does not reach', async () => {
    await up('nmi-north');
    const { code, status } = await statusOf('nmi-north');
    assert.equal(code, 5);
    assert.deepEqual(
      status.nodes.map(({ kind, isRunning, missingChannels }) => ({ kind, isRunning, missingChannels })),
      ['orderer', 'peer'].map((kind) => ({ kind, isRunning: true, missingChannels: [] })),
    );
    assert.deepEqual(status.chaincodes, [
      { chaincode: 'registry', channel: CALIBRATION, isApproved: false, isCommitted: false },
    ]);
    assert.equal(status.others.length, 10);
    assert.ok(status.others.every(({ isReached }) => !isReached));
  });

  it('commit the chaincode by themselves as soon as enough are there, and are whole when all are', async () => {
    for (const id of [...MAJORITY, ...LATE].slice(1)) await up(id);
    for (const id of MEMBERS) await isWhole(id);
  });

  it('found a registry, register reports, and trace them at every member alike', async () => {
    const members = new Map<string, TraceCal>();
    try {
      await submitAll(hierarchy, hierarchy.submissions(), async (by) => {
        const member = members.get(by) ?? (await connectAs(by));
        members.set(by, member);
        return member;
      });
    } finally {
      for (const member of members.values()) member.close();
    }
    const asOf = instantOf(Date.now());
    const device = [...hierarchy.devices.keys()].find((id) => id.endsWith('sensor-a'))!;
    for (const id of MEMBERS) {
      await eventually(async () => {
        const { status } = await as(id, (member) => member.traceCal(device, { asOf }));
        assert.equal(status, 'TRACEABLE', id);
      }, PATIENCE_MS);
    }
  });

  it('let readers approve by a proposal, whose own peers then answer questions', async () => {
    const readers = ['oem-a', 'oem-b', 'monitor'];
    const propose = async (state: 'on' | 'off'): Promise<void> => {
      const [made, one, two] = ['', '.north', '.south'].map((end) => join(ceremony.root, `${state}${end}.json`));
      const [north, south] = MAJORITY.map(user) as [CliUser, CliUser];
      await north.succeed('proposal', 'create', CALIBRATION, '--approving', state, '-o', made!);
      await north.succeed('proposal', 'sign', made!, '-o', one!);
      await south.succeed('proposal', 'sign', one!, '-o', two!);
      await south.succeed('proposal', 'apply', two!);
    };
    await propose('on');
    const haveApproved = async (): Promise<void> => {
      for (const id of readers) {
        const { chaincodes } = (await statusOf(id)).status;
        assert.equal(chaincodes.find(({ channel }) => channel === CALIBRATION)?.isApproved, true, id);
      }
    };
    await eventually(haveApproved, PATIENCE_MS);
    await propose('off');
    assert.equal(
      await user('nmi-north').fail(
        7,
        'proposal',
        'create',
        CALIBRATION,
        '--approving',
        'off',
        '-o',
        join(ceremony.root, 'again.json'),
      ),
      'NO_CHANGE',
    );
    const device = [...hierarchy.devices.keys()].find((id) => id.endsWith('sensor-a'))!;
    const { counts } = await user('oem-a').succeed<{ counts: Record<string, number> }>(
      ...['measurement', 'record', device, '--site', 'a', '--as', 'oem-a'],
    );
    assert.equal(counts['TRACEABLE'], 1);
    await haveApproved();
  });

  it('go on while one of them is down, who catches up when it is up again', async () => {
    const away = 'nmi-east';
    assert.deepEqual(await user(away).succeed('member', 'down'), { member: away, stopped: true });
    assert.equal(await nativeState(directoryOf(away)), 'stopped');
    assert.equal(await nativeState(directoryOf('nmi-north')), 'running');
    assert.equal((await statusOf(away)).code, 3);
    const seen = await statusOf('nmi-north');
    assert.equal(seen.code, 5);
    assert.deepEqual(
      seen.status.others.filter(({ isReached }) => !isReached).map(({ member }) => member),
      [away, away],
    );
    const before = hierarchy.steps.length;
    await hierarchy.addTechnician({ id: 't-meanwhile', organisation: 'lab-alpha' });
    await as('lab-alpha', (alpha) => submitAll(hierarchy, hierarchy.submissions(before), () => alpha));

    assert.equal((await user(away).run('member', 'up', '--detach')).code, 0);
    await isWhole(away);
    await eventually(async () => {
      assert.ok(await as(away, (east) => east.getTechnician('lab-alpha/t-meanwhile')));
    }, PATIENCE_MS);
  });

  it('refuse what needs the others, and a start of all nodes', async () => {
    assert.equal(await user('nmi-north').fail(2, 'up'), 'DATA_UNUSABLE');
    assert.equal(await user('nmi-north').fail(3, 'member', 'up', '--detach'), 'ALREADY_RUNNING');
    assert.equal(await user('nmi-north').fail(2, 'network', 'rotate', '--org', 'nmi-north'), 'NOT_ALONE');
  });

  it('sign for a channel that they order without being in it, by the word of their own orderers', async () => {
    const site = 'measurement-a';
    const [changed, made] = ['site.yaml', 'site.json'].map((name) => join(ceremony.root, name)) as [string, string];
    const batch = { maxMessages: 7, timeoutMs: 30 };
    const channels = consortium.channels.map((each) => (each.name === site ? { ...each, batch } : each));
    writeFileSync(changed, descriptionText({ ...consortium, channels }));
    await user('oem-a').succeed('proposal', 'create', site, '--consortium', changed, '-o', made);
    assert.equal(await user('lab-beta').fail(3, 'proposal', 'sign', made, '-o', `${made}.beta`), 'REFUSED');

    let newest = made;
    for (const id of ['nmi-north', 'nmi-south', 'nmi-east']) {
      const signed = `${made}.${id}`;
      await user(id).succeed('proposal', 'sign', newest, '-o', signed);
      newest = signed;
    }
    const { outcome } = await user('oem-a').succeed<{ outcome: string }>('proposal', 'apply', newest);
    assert.equal(outcome, 'applied');
    // Their orderers know it as soon as the site's peer does.
    assert.equal(await user('nmi-north').fail(7, 'proposal', 'sign', made, '-o', `${made}.late`), 'STALE');
  });
});
