import assert from 'node:assert/strict';
import { genesisBlock } from '@tracecal/network/channel';
import { accessFromBlock, type ChannelAccess } from '@tracecal/network/access';
import { ConsortiumFixture, signedBy, type Signer } from '../channel/consortium.js';

/** DESIGN's table: who writes and who reads; whoever is not named cannot even see the channel. */
const LEVELS = [
  {
    name: 'calibration',
    writers: ['nmi-north', 'nmi-south', 'lab-alpha', 'lab-beta'],
    readers: ['oem-a', 'oem-b', 'monitor'],
  },
  { name: 'measurement-a', writers: ['oem-a'], readers: ['monitor'] },
  { name: 'measurement-b', writers: ['oem-b'], readers: ['monitor'] },
  { name: 'monitoring-a', writers: ['monitor'], readers: ['oem-a'] },
  { name: 'monitoring-b', writers: ['monitor'], readers: ['oem-b'] },
];

for (const { name, writers, readers } of LEVELS) {
  describe(`On the channel ${name}`, () => {
    let fixture: ConsortiumFixture;
    let access: ChannelAccess;

    before(async () => {
      fixture = await ConsortiumFixture.shared();
      access = accessFromBlock(
        genesisBlock(fixture.consortium, fixture.channel(name), fixture.template, fixture.material),
      );
    });

    const may = (path: string, ...signers: readonly Signer[]): boolean =>
      access.satisfies(
        path,
        signers.map((signer) => signedBy(signer)),
      ).satisfied;

    it('an organisation writes, only evaluates, or is a stranger', () => {
      for (const { id } of fixture.consortium.organisations) {
        const node = fixture.peer(id);
        const isMember = writers.includes(id) || readers.includes(id);
        assert.equal(may('/Channel/Writers', node), writers.includes(id), `${id} writes`);
        assert.equal(may(access.policyFor('peer/Propose'), node), isMember, `${id} evaluates`);
        assert.equal(may('/Channel/Readers', node), isMember, `${id} reads blocks`);
        assert.equal(may('/Channel/Writers', fixture.admin(id)), isMember, `${id}'s admin approves definitions`);
      }
    });

    it('endorsement, lifecycle and administration are the business of most of the writers', () => {
      const majority = writers.slice(0, Math.floor(writers.length / 2) + 1);
      const outsiders = fixture.consortium.organisations.map(({ id }) => id).filter((id) => !writers.includes(id));
      const application = '/Channel/Application';
      for (const [path, signerOf] of [
        [`${application}/Endorsement`, (id: string) => fixture.peer(id)],
        [`${application}/LifecycleEndorsement`, (id: string) => fixture.peer(id)],
        [`${application}/Admins`, (id: string) => fixture.admin(id)],
      ] as const) {
        assert.ok(may(path, ...majority.map(signerOf)), path);
        assert.ok(!may(path, ...[...majority.slice(1), ...outsiders].map(signerOf)), path);
      }
    });

    it('the ordering nodes change only what is theirs, and sign blocks by quorum', () => {
      const nodes = fixture.consortium.orderers;
      const admins = nodes.map(({ domain }) => fixture.ordererAdmin(domain));
      assert.ok(may('/Channel/Orderer/Admins', ...admins.slice(0, 3)));
      assert.ok(!may('/Channel/Orderer/Admins', ...admins.slice(0, 2)));
      assert.ok(!may('/Channel/Admins', ...admins));
      assert.ok(!may('/Channel/Application/Writers', ...admins));
      const signers = nodes.map((node) => fixture.orderer(node.name));
      assert.ok(may('/Channel/Orderer/BlockValidation', ...signers.slice(0, 3)));
      assert.ok(!may('/Channel/Orderer/BlockValidation', ...signers.slice(0, 2), ...admins));
      assert.ok(!may('/Channel/Orderer/Writers', fixture.admin('nmi-north')));
    });
  });
}
