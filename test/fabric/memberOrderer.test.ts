import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordererChannel } from '@tracecal/network/admin';
import { loadTls, ordererTree } from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium, withMembership, type Consortium } from '@tracecal/network/topology';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { CALIBRATION, calibrationOf, MemberMachines } from '../support/memberMachines.js';
import { MemberRegistry } from '../support/memberRegistry.js';

const FOUNDERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'];
const NEWCOMER = 'lab-beta';
const PATIENCE_MS = 120_000;

interface Shown {
  readonly consequences: readonly string[];
}

describe('Orderers that come and go where members each run their own nodes, on native Fabric', function () {
  this.timeout(300_000);

  const four = calibrationOf(FOUNDERS, '127.0.83');
  /** As founded: the laboratory runs none. */
  const three: Consortium = { ...four, orderers: four.orderers.filter(({ runBy }) => runBy !== 'lab-alpha') };
  const five = withNewcomer();
  const withoutEast: Consortium = { ...five, orderers: five.orderers.filter(({ runBy }) => runBy !== 'nmi-east') };
  let machines: MemberMachines;
  let registry: MemberRegistry;

  function withNewcomer(): Consortium {
    const sample = readConsortium(defaultConsortiumFile());
    const organisation = sample.organisations.find(({ id }) => id === NEWCOMER)!;
    const host = '127.0.83.9';
    const peers = organisation.peers.map((peer) => ({ ...peer, host }));
    const joined = withMembership(four, {
      join: { organisation: { ...organisation, peers }, channels: { [CALIBRATION]: 'writer' }, endorsement: {} },
    });
    const orderer = {
      ...{ name: 'orderer5', runBy: NEWCOMER, mspId: 'LabBetaOrdererMSP', domain: 'orderer.lab-beta.example', host },
      ...{ port: 7450, adminPort: 7453, consenterId: 5 },
    };
    return { ...joined, orderers: [...joined.orderers, orderer] };
  }

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    machines = await MemberMachines.founded(three, 'member-orderer');
    registry = await MemberRegistry.founded(machines, FOUNDERS);
  });

  after(() => (machines as MemberMachines | undefined)?.remove(NEWCOMER));

  /** Waits until a member's orderer orders with the others. */
  async function takesPart(id: string): Promise<void> {
    const orderer = five.orderers.find(({ runBy }) => runBy === id)!;
    const tree = ordererTree(join(machines.file(id), 'crypto-config'), orderer);
    const admin = {
      name: `${orderer.name}.${orderer.domain}`,
      host: '127.0.0.1',
      port: orderer.adminPort,
      tlsCa: readFileSync(tree.tlsCaCertificate, 'utf8'),
      clientTls: loadTls(tree.user('Admin').tls),
    };
    await eventually(async () => {
      const { status, consensusRelation } = (await ordererChannel(admin, CALIBRATION))!;
      assert.deepEqual([status, consensusRelation], ['active', 'consenter']);
    }, PATIENCE_MS);
  }

  it('let a member run one: it joins with the newest configuration, and orders in the place of one that is away', async () => {
    const changed = machines.describe('four', four);
    const alpha = machines.user('lab-alpha');
    await alpha.succeed('member', 'request', '--consortium', changed, '-o', machines.file('alpha.json'));
    const files = [changed, '--newcomer', machines.file('alpha.json')];
    const { consequences } = await machines.propose<Shown>(
      CALIBRATION,
      ['--consortium', ...files],
      ['nmi-north', 'nmi-south'],
    );
    assert.match(consequences[0]!, /needs 3 of these 4 orderers afterwards/);
    await machines.adopt(FOUNDERS, ...files);
    const invitation = machines.file('alpha.invitation.json');
    await machines.user('nmi-east').succeed('member', 'invite', 'lab-alpha', '-o', invitation);
    await alpha.succeed('member', 'accept', invitation);
    await machines.restart('lab-alpha');
    await takesPart('lab-alpha');
    await machines.user('nmi-east').succeed('member', 'down');
    await registry.isWritten('t-with-alpha');
    await machines.up('nmi-east');
    await machines.areWhole('nmi-east', 'lab-alpha');
  });

  it('let a newcomer bring one along', async () => {
    const changed = machines.describe('five', five);
    const beta = machines.user(NEWCOMER);
    await beta.succeed('member', 'init', '--member', NEWCOMER, '--consortium', changed);
    await beta.succeed('member', 'request', '-o', machines.file('beta.json'));
    const files = [changed, '--newcomer', machines.file('beta.json')];
    await machines.propose(CALIBRATION, ['--consortium', ...files], ['nmi-north', 'nmi-south']);
    await machines.adopt(FOUNDERS, ...files);
    const invitation = machines.file('beta.invitation.json');
    await machines.user('lab-alpha').succeed('member', 'invite', NEWCOMER, '-o', invitation);
    await beta.succeed('member', 'accept', invitation);
    await machines.up(NEWCOMER);
    await takesPart(NEWCOMER);
    await machines.areWhole(NEWCOMER);
    await registry.isWritten('t-with-beta');
  });

  it('let one go: the others order without it, and its member starts its peer alone', async () => {
    const changed = machines.describe('without-east', withoutEast);
    const { consequences } = await machines.propose<Shown>(
      CALIBRATION,
      ['--consortium', changed],
      ['nmi-south', 'nmi-north'],
    );
    assert.match(consequences[1]!, /NmiEastOrdererMSP does not count any more/);
    await machines.adopt([...FOUNDERS, NEWCOMER], changed);
    await machines.restart('nmi-east', 'nmi-north');
    await machines.areWhole('nmi-east', 'nmi-north');
    await machines.user('nmi-east').succeed('member', 'down');
    await registry.isWritten('t-without-east');
  });
});
