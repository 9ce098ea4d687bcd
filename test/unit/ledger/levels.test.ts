import assert from 'node:assert/strict';
import { common } from '@hyperledger/fabric-protos';
import { accessFromConfig, type ChannelAccess } from '@tracecal/ledger/policy';
import { computeConfigUpdate, describedConfig, withApproving } from '@tracecal/network/channel';
import { ConsortiumFixture, signedBy, type Signer } from '../channel/consortium.js';

const NMIS = ['nmi-north', 'nmi-south', 'nmi-east'];

/** DESIGN's table: who writes, who reads, and whose majority decides; whoever is not named cannot even see the channel. */
const LEVELS = [
  {
    name: 'calibration',
    writers: [...NMIS, 'lab-alpha', 'lab-beta'],
    readers: ['oem-a', 'oem-b', 'monitor'],
    deciding: NMIS,
  },
  { name: 'measurement-a', writers: ['oem-a'], readers: ['monitor'], deciding: ['oem-a'] },
  { name: 'measurement-b', writers: ['oem-b'], readers: ['monitor'], deciding: ['oem-b'] },
  { name: 'monitoring-a', writers: ['monitor'], readers: ['oem-a'], deciding: ['monitor'] },
  { name: 'monitoring-b', writers: ['monitor'], readers: ['oem-b'], deciding: ['monitor'] },
];

for (const { name, writers, readers, deciding } of LEVELS) {
  describe(`On the channel ${name}`, () => {
    let fixture: ConsortiumFixture;
    let access: ChannelAccess;

    before(async () => {
      fixture = await ConsortiumFixture.shared();
      const { consortium, template, material } = fixture;
      access = accessFromConfig(
        name,
        describedConfig(consortium, fixture.channel(name), template, material).serializeBinary(),
      );
    });

    const may = (path: string, ...signers: readonly Signer[]): boolean =>
      access.satisfies(
        path,
        signers.map((signer) => signedBy(signer)),
      ).satisfied;

    it('an organisation writes, only evaluates, or is a stranger, its administrators no more than anybody else', () => {
      for (const { id } of fixture.consortium.organisations) {
        const isMember = writers.includes(id) || readers.includes(id);
        for (const who of [fixture.peer(id), fixture.admin(id)]) {
          assert.equal(may('/Channel/Writers', who), writers.includes(id), `${id} writes`);
          assert.equal(may('/Channel/Application/Writers', who), writers.includes(id), `${id} writes`);
          assert.equal(may(access.policyFor('peer/Propose'), who), isMember, `${id} evaluates`);
          assert.equal(may('/Channel/Readers', who), isMember, `${id} reads blocks`);
        }
      }
    });

    it("while a chaincode is being approved its readers' administrators write, and nothing else is different", () => {
      const { consortium, template } = fixture;
      const described = { consortium, channel: fixture.channel(name), template };
      const open = withApproving(common.Config.deserializeBinary(access.config), described, true);
      const meanwhile = accessFromConfig(name, open.serializeBinary());
      for (const id of readers) {
        for (const path of ['/Channel/Writers', '/Channel/Application/Writers']) {
          assert.ok(meanwhile.satisfies(path, [signedBy(fixture.admin(id))]).satisfied, id);
          assert.ok(!meanwhile.satisfies(path, [signedBy(fixture.peer(id))]).satisfied, id);
        }
      }
      const closed = withApproving(open, described, false);
      assert.throws(() => computeConfigUpdate(name, common.Config.deserializeBinary(access.config), closed), {
        code: 'NO_CHANGE',
      });
    });

    it('endorsement, lifecycle and administration need a majority of the deciding organisations, and nobody else', () => {
      const majority = deciding.slice(0, Math.floor(deciding.length / 2) + 1);
      const others = fixture.consortium.organisations.map(({ id }) => id).filter((id) => !deciding.includes(id));
      const application = '/Channel/Application';
      for (const [path, signerOf] of [
        [`${application}/Endorsement`, (id: string) => fixture.peer(id)],
        [`${application}/LifecycleEndorsement`, (id: string) => fixture.peer(id)],
        [`${application}/Admins`, (id: string) => fixture.admin(id)],
      ] as const) {
        assert.ok(may(path, ...majority.map(signerOf)), path);
        assert.ok(!may(path, ...[...majority.slice(1), ...others].map(signerOf)), path);
      }
    });

    it('blocks are signed by a quorum of the ordering nodes, who decide nothing else by themselves', () => {
      const nodes = fixture.consortium.orderers;
      const admins = nodes.map(({ domain }) => fixture.ordererAdmin(domain));
      assert.ok(!may('/Channel/Admins', ...admins));
      assert.ok(!may('/Channel/Application/Writers', ...admins));
      const signers = nodes.map((node) => fixture.orderer(node.name));
      assert.ok(may('/Channel/Orderer/BlockValidation', ...signers.slice(0, 3)));
      assert.ok(!may('/Channel/Orderer/BlockValidation', ...signers.slice(0, 2), ...admins));
      assert.ok(!may('/Channel/Orderer/Writers', fixture.admin('nmi-north')));
    });

    it('the ordering service is changed by those who decide over the calibration level, or by most of the orderers', () => {
      const admins = fixture.consortium.orderers.map(({ domain }) => fixture.ordererAdmin(domain));
      const path = '/Channel/Orderer/Admins';
      if (name === 'calibration') {
        assert.ok(!may(path, ...admins, fixture.admin('nmi-north'), fixture.admin('lab-alpha')));
        assert.ok(may(path, fixture.admin('nmi-north'), fixture.admin('nmi-east')));
        assert.ok(may('/Channel/Admins', fixture.admin('nmi-north'), fixture.admin('nmi-east')));
      } else {
        assert.ok(may(path, ...admins.slice(0, 3)));
        assert.ok(!may(path, ...admins.slice(0, 2)));
      }
    });
  });
}
