import assert from 'node:assert/strict';
import type { Contract } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import type { Assessment, Page, TraceBatch, TraceEntry, TracesRecorded } from '@tracecal/core/contracts';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import { readConfigBlock } from '@tracecal/network/channel';
import type { Channel } from '@tracecal/network/topology';
import { Application, credentialsOf, text } from '../support/application.js';
import { policiesOf, type FoundPolicy } from '../support/channelPolicies.js';
import { enrolled } from '../support/credentials.js';
import { engineName, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { failureOf, invalidityOf, type Failure } from '../support/failure.js';
import { presentDates, twoCountries, type Hierarchy, type Item } from '../support/hierarchy.js';
import { REGISTRY, RegistryNetwork } from '../support/registryNetwork.js';

const { ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const START_MS = 240_000;

/** A submission of one item. */
function itemsOf(item: Item): string {
  return JSON.stringify({ items: [item] });
}

/** The layer that refuses, by the words in which it does. */
const REFUSED_BY = {
  /** The peers of the channel's members, for those who are none. */
  acl: /access denied|does not have access|permission denied/i,
  /** The peer itself, which is not in the channel. */
  noSuchChannel: /config for channel \[measurement-a\]|no peers available|no combination of peers/,
  orderers: /FORBIDDEN|implicit policy evaluation failed|signature set did not satisfy/,
  contract: /chaincode response 500, (NOT_AUTHORISED|SIGNATURE_INVALID)/,
} as const;

const NMIS = ['nmi-north', 'nmi-south', 'nmi-east'];

/** Who writes and who reads; whoever is not named cannot even see the channel. */
const LEVELS: Readonly<Record<string, Pick<Channel, 'writers' | 'readers'>>> = {
  calibration: {
    writers: [...NMIS, 'lab-alpha', 'lab-beta'],
    readers: ['oem-a', 'oem-b', 'monitor'],
  },
  'measurement-a': { writers: ['oem-a'], readers: ['monitor'] },
  'measurement-b': { writers: ['oem-b'], readers: ['monitor'] },
  'monitoring-a': { writers: ['monitor'], readers: ['oem-a'] },
  'monitoring-b': { writers: ['monitor'], readers: ['oem-b'] },
};

describe(`Levels of the consortium [${engineName}]`, () => {
  let running: RegistryNetwork;
  let network: EngineNetwork;
  let hierarchy: Hierarchy;
  const applications: Application[] = [];

  before(async function () {
    this.timeout(START_MS);
    hierarchy = await twoCountries(undefined, presentDates());
    await hierarchy.addOrganisation({ id: 'monitor', kind: 'MONITOR', certifiedBy: 'nmi-north' });
    running = await RegistryNetwork.start(hierarchy);
    network = running.network;
    await running.submitNew();
  });

  after(async function () {
    this.timeout(START_MS);
    for (const application of applications) application.close();
    await (running as RegistryNetwork | undefined)?.stop();
  });

  /** An application of an organisation's client, at the peer of its own organisation unless another is named. */
  function as(organisation: string, at = organisation): Application {
    return use(new Application(network, at, { credentials: credentialsOf(network, organisation) }));
  }

  /** An administrator of an organisation to whom its own CA gives every role: more than a member should have to be trusted with. */
  async function adminOf(organisation: string): Promise<Application> {
    const roles = ['recorder'];
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

  const registry = (organisation: string): Contract => as(organisation).contract(REGISTRY.chaincode, REGISTRY.channel);
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
      measurement(as('oem-a')).submitTransaction('recordTraces', about('oem-a/sensor-a', 'oem-a/working-a')),
    );
    const { id, digest, counts } = JSON.parse(text(recorded)) as TracesRecorded;
    assert.deepEqual(counts, { TRACEABLE: 2, ATTESTED: 0, INCOMPLETE: 0, FAILED: 0 });

    const monitor = as('monitor');
    await eventually(async () => {
      const page = JSON.parse(
        text(await measurement(monitor).evaluateTransaction('getTraces', traces('oem-a/sensor-a'))),
      ) as Page<TraceEntry>;
      assert.deepEqual(
        page.items.map(({ status, batch, digests }) => [status, batch, digests.length]),
        [['TRACEABLE', id, 4]],
      );
      assert.equal(page.items[0]?.digests[0], hierarchy.digestOf('sensor-a-r1'));
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
    const interval = (): string => itemsOf(hierarchy.setInterval('sensor-a', 400));

    it('by its client, even in its own affairs: the contract refuses', async () => {
      const failure = await failureOf(registry('oem-a').submitTransaction('setInterval', interval()));
      assert.equal(failure.name, 'EndorseError');
      refused(failure, 'contract');
    });

    it('by its administrator, with every role that its own CA can write: the contract refuses', async () => {
      const contract = (await adminOf('oem-a')).contract(REGISTRY.chaincode, REGISTRY.channel);
      refused(await failureOf(contract.submitTransaction('setInterval', interval())), 'contract');
      refused(await failureOf(contract.submitTransaction('anchor', 'ab'.repeat(32))), 'contract');
    });

    it("in anybody else's name: the contract refuses", async () => {
      const forged = hierarchy.addStatement('revocation', ['report', 'working-a-r1'], {
        author: 'lab-alpha',
        signers: ['officer:oem-a/officer'],
      });
      refused(await failureOf(registry('oem-a').submitTransaction('revoke', itemsOf(forged))), 'contract');
    });

    it('but what its officer signed is registered by any member of the level', async () => {
      const signed = hierarchy.setInterval('sensor-a', 500);
      await eventually(() => running.submit(signed, 'lab-beta'));
      await eventually(async () => {
        assert.equal((await (await running.as('oem-a')).getDevice('oem-a/sensor-a')).intervalDays, 500);
      });
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
        refused(await failureOf(own.evaluateTransaction('getTraces', traces('oem-a/sensor-a'))), 'noSuchChannel');
        refused(await failureOf(own.submitTransaction('recordTraces', about('oem-a/sensor-a'))), 'noSuchChannel');
      });

      it("at the operator's peer: the access control refuses", async () => {
        const intruder = measurement(as(stranger, 'oem-a'));
        refused(await failureOf(intruder.evaluateTransaction('getTraces', traces('oem-a/sensor-a'))), 'acl');
        refused(await failureOf(intruder.submitTransaction('recordTraces', about('oem-a/sensor-a'))), 'acl');
        refused(await failureOf(intruder.submitTransaction('giveDirective', '{}')), 'acl');
        refused(await failureOf(intruder.evaluateTransaction('listDirectives', '{}')), 'acl');
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
      const failure = await failureOf(question.submitTransaction('getTraces', traces('oem-a/sensor-a')));
      assert.equal(failure.name, 'SubmitError');
      refused(failure, 'orderers');
    });

    it('by an administrator with the role from its own CA: the contract refuses', async () => {
      const administrator = measurement(await adminOf('monitor'));
      refused(await failureOf(administrator.submitTransaction('recordTraces', about('oem-a/sensor-a'))), 'contract');
      refused(await failureOf(administrator.submitTransaction('giveDirective', '{}')), 'contract');
      refused(await failureOf(administrator.submitTransaction('answerDirective', '{}')), 'contract');
    });

    it('by such an administrator and its own peer: the orderers refuse', async () => {
      const alone = { arguments: [traces('oem-a/sensor-a')], endorsingOrganizations: ['MonitorMSP'] };
      refused(await failureOf(measurement(await adminOf('monitor')).submit('getTraces', alone)), 'orderers');
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

  it('two organisations colluding cannot issue a report in the name of a third one with the stolen key of its technician: the contract refuses', async () => {
    const report = hierarchy.payload({
      id: 'stolen',
      device: 'reference-a',
      technician: 't-nmi-north',
      parents: ['primary-a-r1'],
    });
    const stolen = {
      statement: hierarchy.sign(report, ['technician:t-nmi-north']),
      results: hierarchy.resultsOf('nmi-north/stolen'),
    };
    const issue = { arguments: [itemsOf(stolen)], endorsingOrganizations: ['NmiSouthMSP', 'LabBetaMSP'] };
    refused(await failureOf(registry('lab-beta').submit('createReport', issue)), 'contract');
  });

  describe('a national institute is not admitted by one of the others', () => {
    it('whose signature is there alone: the contract refuses', async () => {
      const signers = ['organisation:nmi-far', 'officer:nmi-north/officer'];
      const proposal = await hierarchy.addOrganisation({ id: 'nmi-far', kind: 'NMI', signers });
      const attempt = registry('nmi-north').submitTransaction('admitInstitute', itemsOf(proposal));
      refused(await failureOf(attempt), 'contract');
    });

    it('whose peer alone endorses what a majority has signed: the endorsement policy refuses', async () => {
      const proposal = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI' });
      const alone = { arguments: [itemsOf(proposal)], endorsingOrganizations: ['NmiNorthMSP'] };
      const code = await invalidityOf(registry('nmi-north').submit('admitInstitute', alone));
      assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
    });
  });

  describe('the running network enforces the described access rules of a channel', () => {
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

    it('writers are those of the level and the ordering nodes, once all chaincodes are approved', async () => {
      for (const channel of network.consortium.channels) {
        const { writers, readers } = LEVELS[channel.name]!;
        const found = await policies(channel);
        const members = each(writers, 'member');
        assert.deepEqual(found.get('/Channel/Application/Writers'), one(...members), channel.name);
        const nodes = ordering('orderer');
        assert.deepEqual(found.get('/Channel/Writers'), one(...members, ...nodes), channel.name);
        assert.deepEqual(found.get('/Channel/Orderer/Writers'), one(...nodes), channel.name);
        const looking = [...each(writers, 'member'), ...each(readers, 'member')];
        assert.deepEqual(found.get('/Channel/Application/Readers'), one(...looking), channel.name);
        assert.deepEqual(found.get('/Channel/Readers'), one(...looking, ...ordering('member')), channel.name);
      }
    });

    it("the life of a chaincode, and the channel's own, is the business of most NMIs, on a site of most of its writers", async () => {
      for (const channel of network.consortium.channels) {
        const deciding = channel.name === 'calibration' ? NMIS : LEVELS[channel.name]!.writers;
        const found = await policies(channel);
        for (const [name, role] of [
          ['LifecycleEndorsement', 'peer'],
          ['Endorsement', 'peer'],
          ['Admins', 'admin'],
        ] as const) {
          assert.deepEqual(found.get(`/Channel/Application/${name}`), majority(each(deciding, role)), channel.name);
        }
        const ofOrdering = channel.name === 'calibration' ? each(NMIS, 'admin') : ordering('admin');
        assert.deepEqual(found.get('/Channel/Orderer/Admins'), majority(ofOrdering), channel.name);
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
