import assert from 'node:assert/strict';
import { withMembership, type Joining } from '@tracecal/network/topology';
import { needsFabric } from '../support/fabricBinaries.js';
import type { Submission } from '../support/hierarchy.js';
import { CALIBRATION, calibrationOf, MemberMachines } from '../support/memberMachines.js';
import { MemberRegistry } from '../support/memberRegistry.js';
import { submit } from '../support/submit.js';

/** Each runs an orderer and a peer. */
const FOUNDERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'];
const NEWCOMER = 'nmi-west';

const joining: Joining = {
  organisation: {
    id: NEWCOMER,
    mspId: 'NmiWestMSP',
    kind: 'NMI',
    name: 'National Metrology Institute West',
    country: 'DE',
    domain: 'nmi-west.example',
    peers: [{ name: 'peer0', port: 7051, host: '127.0.81.9' }],
    users: [{ name: 'User1', roles: ['recorder'] }],
  },
  channels: { [CALIBRATION]: 'writer' },
  endorsement: {},
};

interface Shown {
  readonly consequences: readonly string[];
}

describe('Institutes that are admitted and fall where members each run their own nodes, on native Fabric', function () {
  this.timeout(300_000);

  const founded = calibrationOf(FOUNDERS, '127.0.81');
  const four = withMembership(founded, { join: joining });
  const three = withMembership(four, { leave: 'nmi-east', endorsement: {} });
  let machines: MemberMachines;
  let registry: MemberRegistry;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    machines = await MemberMachines.founded(founded, 'member-institute');
    registry = await MemberRegistry.founded(machines, FOUNDERS);
  });

  after(() => (machines as MemberMachines | undefined)?.remove(NEWCOMER));

  async function isNotEndorsed(id: string): Promise<void> {
    const before = registry.hierarchy.steps.length;
    await registry.hierarchy.addTechnician({ id, organisation: 'nmi-north' });
    const [{ transaction, item }] = registry.hierarchy.submissions(before) as [Submission];
    await machines.as('nmi-north', async (north) => {
      await assert.rejects(submit(north, transaction, item));
      await assert.rejects(north.getTechnician(`nmi-north/${id}`), { code: 'NOT_FOUND' });
    });
  }

  it('make an institute of a newcomer by a proposal that says how many have to endorse then', async () => {
    const changed = machines.describe('four', four);
    const west = machines.user(NEWCOMER);
    await west.succeed('member', 'init', '--member', NEWCOMER, '--consortium', changed);
    await west.succeed('member', 'request', '-o', machines.file('west.json'));
    const files = ['--consortium', changed, '--newcomer', machines.file('west.json')];
    const { consequences } = await machines.propose<Shown>(CALIBRATION, files, ['nmi-south', 'nmi-north']);
    assert.match(consequences[0]!, /peers of 3 of these 4 afterwards/);
    assert.match(consequences[1]!, /NmiWestMSP counts from then on/);
    await machines.adopt(FOUNDERS, changed, '--newcomer', machines.file('west.json'));
    const invitation = machines.file('invitation.json');
    await machines.user('nmi-east').succeed('member', 'invite', NEWCOMER, '-o', invitation);
    await west.succeed('member', 'accept', invitation);
    await machines.up(NEWCOMER);
    await machines.areWhole(NEWCOMER);
  });

  it('count its peer in the place of one that is away', async () => {
    const before = registry.hierarchy.steps.length;
    await registry.hierarchy.addOrganisation({ id: NEWCOMER, kind: 'NMI', scopes: [] });
    await registry.submitted(before);
    await machines.user('nmi-south').succeed('member', 'down');
    await registry.isWritten('t-by-west');
    await machines.user(NEWCOMER).succeed('member', 'down');
    await isNotEndorsed('t-by-two-of-four');
    await machines.up(NEWCOMER);
    await machines.up('nmi-south');
    await machines.areWhole(NEWCOMER, 'nmi-south');
  });

  it('let one fall whose orderer stays: its peer does not count any more, and the others go on', async () => {
    const changed = machines.describe('three', three);
    const { consequences } = await machines.propose<Shown>(
      CALIBRATION,
      ['--consortium', changed],
      ['nmi-north', 'nmi-south', NEWCOMER],
    );
    assert.match(consequences[0]!, /peers of 2 of these 3 afterwards: NmiNorthMSP, NmiSouthMSP, NmiWestMSP/);
    assert.match(consequences[1]!, /NmiEastMSP does not count any more/);
    const remaining = ['nmi-north', 'nmi-south', 'lab-alpha', NEWCOMER];
    await machines.adopt(remaining, changed);
    await machines.restart('nmi-north', 'nmi-south');
    const { code, document } = await machines.user('nmi-north').run('member', 'status');
    assert.equal(code, 0, JSON.stringify(document));
    await registry.isWritten('t-by-north-and-others');
    for (const id of ['nmi-south', NEWCOMER]) await machines.user(id).succeed('member', 'down');
    await isNotEndorsed('t-by-north-and-fallen');
  });
});
