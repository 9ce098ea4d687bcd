import assert from 'node:assert/strict';
import type { Contract } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import type { TraceBatch, TraceEntry, TracesRecorded } from '@tracecal/chaincode/measurement';
import { canonicalJson, instantOf } from '@tracecal/chaincode/model';
import type { Jws } from '@tracecal/chaincode/model';
import type { Assessment } from '@tracecal/chaincode/monitoring';
import type { Announcement, Page } from '@tracecal/chaincode/registry';
import { readConfigBlock } from '@tracecal/network/channel';
import { defaultConsortiumFile, readConsortium, type Channel } from '@tracecal/network/topology';
import { Application, credentialsOf, text } from '../support/application.js';
import { policiesOf, type FoundPolicy } from '../support/channelPolicies.js';
import { enrolled } from '../support/credentials.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { failureOf, invalidityOf, type Failure } from '../support/failure.js';
import { Hierarchy, twoCountries } from '../support/hierarchy.js';

const { ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const START_MS = 240_000;

/** The layer that refuses, by the words in which it does. */
const REFUSED_BY = {
  /** The peers of the channel's members, for those who are none. */
  acl: /access denied|does not have access|permission denied/i,
  /** The peer itself, which is not in the channel. */
  noSuchChannel: /config for channel \[measurement-a\]|no peers available|no combination of peers/,
  orderers: /FORBIDDEN|implicit policy evaluation failed|signature set did not satisfy/,
  contract: /chaincode response 500, NOT_AUTHORISED/,
} as const;

/** Who writes and who reads; whoever is not named cannot even see the channel. */
const LEVELS: Readonly<Record<string, Pick<Channel, 'writers' | 'readers'>>> = {
  calibration: {
    writers: ['nmi-north', 'nmi-south', 'lab-alpha', 'lab-beta'],
    readers: ['oem-a', 'oem-b', 'monitor'],
  },
  'measurement-a': { writers: ['oem-a'], readers: ['monitor'] },
  'measurement-b': { writers: ['oem-b'], readers: ['monitor'] },
  'monitoring-a': { writers: ['monitor'], readers: ['oem-a'] },
  'monitoring-b': { writers: ['monitor'], readers: ['oem-b'] },
};

describe(`Levels of the consortium [${engineName}]`, () => {
  let network: EngineNetwork;
  let hierarchy: Hierarchy;
  const applications: Application[] = [];

  before(async function () {
    this.timeout(START_MS);
    network = await (await selectedEngine()).start(readConsortium(defaultConsortiumFile()));
    hierarchy = await twoCountries();
    await hierarchy.addOrganisation({ id: 'monitor', kind: 'MONITOR', certifiedBy: 'nmi-north' });
    for (const { transaction, argument, by } of hierarchy.submissions()) {
      // What one organisation's peer has committed, the next one's may commit a moment later.
      await eventually(() => registry(by).submitTransaction(transaction, argument));
    }
  });

  after(async function () {
    this.timeout(START_MS);
    for (const application of applications) application.close();
    await network.stop();
  });

  /** An application of an organisation's client, at the peer of its own organisation unless another is named. */
  function as(organisation: string, at = organisation): Application {
    return use(new Application(network, at, { credentials: credentialsOf(network, organisation) }));
  }

  /** An administrator of an organisation to whom its own CA gives every role: more than a member should have to be trusted with. */
  async function adminOf(organisation: string): Promise<Application> {
    const roles = ['issuer', 'recorder', 'registrar'];
    return use(
      new Application(network, organisation, {
        credentials: await enrolled(network, organisation, { role: 'admin', roles }),
      }),
    );
  }

  function use(application: Application): Application {
    applications.push(application);
    return application;
  }

  const registry = (organisation: string): Contract => as(organisation).contract('registry', 'calibration');
  const measurement = (application: Application, site = 'a'): Contract =>
    application.network(`measurement-${site}`).getContract('measurement', 'measurement');
  const monitoring = (application: Application, site = 'a'): Contract =>
    application.network(`monitoring-${site}`).getContract('monitoring', 'monitoring');
  const about = (...devices: string[]): string => canonicalJson({ devices, asOf: instantOf(Date.now()) });
  const traces = (device: string): string => canonicalJson({ device });

  function refused({ text: said }: Failure, layer: keyof typeof REFUSED_BY): void {
    assert.match(said, REFUSED_BY[layer]);
  }

  it('let verdicts down: the operator records, the monitor reads and assesses, the operator reads that', async () => {
    const recorded = await eventually(() =>
      measurement(as('oem-a')).submitTransaction('recordTraces', about('sensor-a', 'working-a')),
    );
    const { id, digest, counts } = JSON.parse(text(recorded)) as TracesRecorded;
    assert.deepEqual(counts, { TRACEABLE: 2, ATTESTED: 0, INCOMPLETE: 0, FAILED: 0 });

    const monitor = as('monitor');
    await eventually(async () => {
      const page = JSON.parse(
        text(await measurement(monitor).evaluateTransaction('getTraces', traces('sensor-a'))),
      ) as Page<TraceEntry>;
      assert.deepEqual(
        page.items.map(({ status, batch, digests }) => [status, batch, digests.length]),
        [['TRACEABLE', id, 4]],
      );
      assert.equal(page.items[0]?.digests[0], hierarchy.report('sensor-a-r1').digest);
    });
    const assessment = canonicalJson({ conclusion: 'CONFORMING', batches: [id] });
    await monitoring(monitor).submitTransaction('recordAssessment', assessment);
    await eventually(async () => {
      const page = JSON.parse(
        text(await monitoring(as('oem-a')).evaluateTransaction('getAssessments', '{}')),
      ) as Page<Assessment>;
      assert.deepEqual(
        page.items.map(({ measurement: channel, batches }) => [channel, batches]),
        [['measurement-a', [{ id, digest, counts }]]],
      );
    });
  });

  describe('an OEM cannot write calibration', () => {
    const ownBusiness = canonicalJson({ kind: 'technician', id: 't-oem-a', reason: 'cessation', effective: null });

    it('by its client, even in its own affairs: the orderers refuse', async () => {
      const failure = await failureOf(registry('oem-a').submitTransaction('revoke', ownBusiness));
      assert.equal(failure.name, 'SubmitError');
      refused(failure, 'orderers');
    });

    it('by its administrator and its own peer: the endorsement policy refuses', async () => {
      const contract = (await adminOf('oem-a')).contract('registry', 'calibration');
      const alone = { arguments: [ownBusiness], endorsingOrganizations: ['OemAMSP'] };
      assert.equal(await invalidityOf(contract.submit('revoke', alone)), ENDORSEMENT_POLICY_FAILURE);
    });

    it("in anybody else's affairs: the contract refuses", async () => {
      const others = canonicalJson({ kind: 'report', id: 'working-a-r1', reason: 'fraud', effective: null });
      refused(await failureOf(registry('oem-a').submitTransaction('revoke', others)), 'contract');
    });
  });

  for (const [who, stranger] of [
    ['a lab', 'lab-alpha'],
    ['the other OEM', 'oem-b'],
    ['a national institute', 'nmi-north'],
  ] as const) {
    describe(`${who} can neither read nor write measurement-a`, () => {
      it('at its own peer, which does not have the channel', async () => {
        const own = measurement(as(stranger));
        refused(await failureOf(own.evaluateTransaction('getTraces', traces('sensor-a'))), 'noSuchChannel');
        refused(await failureOf(own.submitTransaction('recordTraces', about('sensor-a'))), 'noSuchChannel');
      });

      it("at the operator's peer: the access control refuses", async () => {
        const intruder = measurement(as(stranger, 'oem-a'));
        refused(await failureOf(intruder.evaluateTransaction('getTraces', traces('sensor-a'))), 'acl');
        refused(await failureOf(intruder.submitTransaction('recordTraces', about('sensor-a'))), 'acl');
      });

      it("nor follow its blocks at the operator's peer: the access control refuses", async () => {
        const follow = async (): Promise<void> => {
          const blocks = await as(stranger, 'oem-a')
            .network('measurement-a')
            .getFilteredBlockEvents({ startBlock: 0n });
          for await (const block of blocks) assert.fail(`block ${block.getNumber()} was delivered`);
        };
        // The delivery service has statuses of its own: FORBIDDEN.
        await assert.rejects(follow(), /Unexpected status response: 403$/);
      });
    });
  }

  it('the other OEM cannot read what the monitor says about site a: the access control refuses', async () => {
    refused(await failureOf(monitoring(as('oem-b', 'monitor')).evaluateTransaction('getAssessments', '{}')), 'acl');
  });

  describe('the monitor cannot write measurement', () => {
    it('by its client: the orderers refuse whatever it is', async () => {
      const question = measurement(as('monitor'));
      const failure = await failureOf(question.submitTransaction('getTraces', traces('sensor-a')));
      assert.equal(failure.name, 'SubmitError');
      refused(failure, 'orderers');
    });

    it('by an administrator to whom its own CA gave the role: the contract refuses', async () => {
      const administrator = measurement(await adminOf('monitor'));
      refused(await failureOf(administrator.submitTransaction('recordTraces', about('sensor-a'))), 'contract');
    });

    it('by its own peer: the endorsement policy refuses', async () => {
      const alone = { arguments: [traces('sensor-a')], endorsingOrganizations: ['MonitorMSP'] };
      const code = await invalidityOf(measurement(await adminOf('monitor')).submit('getTraces', alone));
      assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
    });
  });

  it('the operator cannot write what the monitor says about it: the orderers refuse, and the contract', async () => {
    const operator = monitoring(as('oem-a'));
    refused(await failureOf(operator.submitTransaction('getAssessments', '{}')), 'orderers');
    const batches = JSON.parse(
      text(await measurement(as('oem-a')).evaluateTransaction('listBatches', '{}')),
    ) as Page<TraceBatch>;
    const praise = canonicalJson({ conclusion: 'CONFORMING', batches: batches.items.map(({ id }) => id) });
    refused(await failureOf(operator.submitTransaction('recordAssessment', praise)), 'contract');
  });

  describe('a report is issued by nobody but its organisation', () => {
    let reports = 0;

    /** A report by a technician of lab-alpha on the institute's standard, with every signature that it needs. */
    function signed(): string {
      reports += 1;
      const id = `stolen-${reports}`;
      const payload = hierarchy.payload({
        id,
        device: 'reference-a',
        technician: 't-lab-alpha',
        parents: ['primary-a-r1'],
      });
      const jws: Jws = hierarchy.sign(payload);
      return JSON.stringify(jws);
    }

    it("a technician without his organisation's peer cannot issue: the lane's endorsement policy refuses", async () => {
      const others = ['NmiNorthMSP', 'NmiSouthMSP'];
      const issue = { arguments: [signed()], endorsingOrganizations: others };
      assert.equal(await invalidityOf(registry('lab-alpha').submit('createReport', issue)), ENDORSEMENT_POLICY_FAILURE);
    });

    it('two organisations colluding cannot issue in the name of a third one, with its stolen key: contract and lane refuse', async () => {
      const issue = { arguments: [signed()], endorsingOrganizations: ['NmiNorthMSP', 'LabBetaMSP'] };
      refused(await failureOf(registry('lab-beta').submit('createReport', issue)), 'contract');
      // The institute may act for the laboratory that it certifies, but not without that laboratory's peer.
      assert.equal(await invalidityOf(registry('nmi-north').submit('createReport', issue)), ENDORSEMENT_POLICY_FAILURE);
    });
  });

  describe('a national institute is not added by the key of one', () => {
    const propose = async (id: string): Promise<string> =>
      canonicalJson(await new Hierarchy().addOrganisation({ id, kind: 'NMI' }));

    it('one alone only proposes: the contract awaits the others', async () => {
      const proposal = await propose('nmi-east');
      for (const attempt of [1, 2]) {
        const answer = text(await registry('nmi-north').submitTransaction('createOrganisation', proposal));
        const { type, awaiting } = JSON.parse(answer) as Announcement;
        assert.deepEqual([type, awaiting], ['OrganisationProposed', ['nmi-south']], `attempt ${attempt}`);
      }
      const failure = await failureOf(registry('nmi-north').evaluateTransaction('getOrganisation', 'nmi-east'));
      assert.match(failure.text, /NOT_FOUND: no organisation nmi-east/);
    });

    it('its own peer alone is not enough even for that: the endorsement policy refuses', async () => {
      const alone = { arguments: [await propose('nmi-west')], endorsingOrganizations: ['NmiNorthMSP'] };
      const code = await invalidityOf(registry('nmi-north').submit('createOrganisation', alone));
      assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
    });

    it('the last to admit needs the peers of all: their lanes refuse', async () => {
      const proposal = await propose('nmi-far');
      await registry('nmi-north').submitTransaction('createOrganisation', proposal);
      await eventually(async () => {
        const others = { arguments: [proposal], endorsingOrganizations: ['NmiSouthMSP', 'LabBetaMSP'] };
        const code = await invalidityOf(registry('nmi-south').submit('createOrganisation', others));
        assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
      });
    });
  });

  describe('who may do what on a channel is what the running network goes by', () => {
    /** The newest configuration of a channel, as a peer of one of its writers has it. */
    async function policies(channel: Channel): Promise<ReadonlyMap<string, FoundPolicy>> {
      const peerOf = as(channel.writers[0] ?? '');
      const system = peerOf.network(channel.name).getContract('cscc');
      return policiesOf(readConfigBlock(await system.evaluateTransaction('GetConfigBlock', channel.name)).config);
    }

    const mspIds = (ids: readonly string[]): readonly string[] =>
      ids.map((id) => network.consortium.organisations.find((organisation) => organisation.id === id)?.mspId ?? '?');
    const each = (ids: readonly string[], role: string): string[] => mspIds(ids).map((mspId) => `${mspId}.${role}`);
    const ordering = (role: string): string[] => network.consortium.orderers.map(({ mspId }) => `${mspId}.${role}`);
    const majority = (of: readonly string[]): FoundPolicy => ({
      required: Math.floor(of.length / 2) + 1,
      of: [...of].sort(),
    });
    const one = (...of: readonly string[]): FoundPolicy => ({ required: 1, of: [...of].sort() });

    it('nowhere does ANY group below open a whole', async () => {
      for (const channel of network.consortium.channels) {
        const found = [...(await policies(channel))];
        assert.ok(found.length > 20, channel.name);
        const overGroups = found.filter(([, policy]) => 'over' in policy);
        assert.deepEqual(overGroups, [['/Channel/Admins', { over: 'MAJORITY', policies: 'Admins' }]], channel.name);
      }
    });

    it('writers are those of the level, the admins of its readers (to approve definitions), and the ordering nodes', async () => {
      for (const channel of network.consortium.channels) {
        const { writers, readers } = LEVELS[channel.name]!;
        const found = await policies(channel);
        const members = [...each(writers, 'member'), ...each(readers, 'admin')];
        assert.deepEqual(found.get('/Channel/Application/Writers'), one(...members), channel.name);
        const nodes = [...ordering('orderer'), ...ordering('admin')];
        assert.deepEqual(found.get('/Channel/Writers'), one(...members, ...nodes), channel.name);
        assert.deepEqual(found.get('/Channel/Orderer/Writers'), one(...nodes), channel.name);
        const looking = [...each(writers, 'member'), ...each(readers, 'member')];
        assert.deepEqual(found.get('/Channel/Application/Readers'), one(...looking), channel.name);
        assert.deepEqual(found.get('/Channel/Readers'), one(...looking, ...ordering('member')), channel.name);
      }
    });

    it("the life of a chaincode, and the channel's own, is the business of most of the level's writers", async () => {
      for (const channel of network.consortium.channels) {
        const { writers } = LEVELS[channel.name]!;
        const found = await policies(channel);
        for (const [name, role] of [
          ['LifecycleEndorsement', 'peer'],
          ['Endorsement', 'peer'],
          ['Admins', 'admin'],
        ] as const) {
          assert.deepEqual(found.get(`/Channel/Application/${name}`), majority(each(writers, role)), channel.name);
        }
      }
    });

    it('a block is valid by three of the four ordering nodes, by their very certificates', async () => {
      for (const channel of network.consortium.channels) {
        const found = (await policies(channel)).get('/Channel/Orderer/BlockValidation');
        assert.deepEqual(found, { required: 3, of: ordering('identity').sort() }, channel.name);
      }
    });
  });
});
