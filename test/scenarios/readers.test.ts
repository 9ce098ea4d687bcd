import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import { connect } from '@tracecal/gateway-client';
import type { TraceCal } from '@tracecal/gateway-client';
import { askBucket } from '@tracecal/gateway-client/proof';
import { memberTree } from '@tracecal/network/pki';
import { Application, credentialsOf } from '../support/application.js';
import type { Credentials } from '../support/application.js';
import { broadcast, presentConfig, updateConfig } from '../support/configUpdates.js';
import { engineName } from '../support/engine.js';
import { failureOf } from '../support/failure.js';
import { handMadeWrites } from '../support/handMadeWrites.js';
import { ProvenDevice, SENSOR } from '../support/provenDevice.js';
import { READERS } from '../support/readers.js';
import { REGISTRY } from '../support/registryNetwork.js';
import type { StolenKey } from '../support/stolenKeys.js';
import { buildTransaction, newTransactionId } from '../support/transactionBuilder.js';

const FORBIDDEN = /FORBIDDEN|implicit policy evaluation failed|signature set did not satisfy/;
const NMIS = ['nmi-north/peer', 'nmi-south/peer', 'nmi-east/peer'];

describe(`The identity that all readers share [${engineName}]`, function () {
  this.timeout(300_000);

  let proven: ProvenDevice;
  const applications: Application[] = [];

  before(async () => {
    proven = await ProvenDevice.start();
    await proven.registry.network.changeMembers({ join: READERS });
    const lab = await proven.registry.as('lab-alpha');
    const devices: string[] = [];
    for await (const id of lab.unplacedDevices()) devices.push(id);
    await lab.placeDevices(devices);
  });

  after(async () => {
    for (const application of applications) application.close();
    await (proven as ProvenDevice | undefined)?.stop();
  });

  function as(organisation: string, credentials?: Credentials): Application {
    const application = new Application(proven.registry.network, organisation, credentials && { credentials });
    applications.push(application);
    return application;
  }

  async function reading<T>(read: (tracecal: TraceCal) => Promise<T>): Promise<T> {
    const tracecal = await connect({ profile: proven.registry.profileOf('readers'), timeoutMs: 60_000 });
    try {
      return await read(tracecal);
    } finally {
      tracecal.close();
    }
  }

  /** A transaction that no chaincode ran for, in its sender's hand. */
  function handMade(creator: StolenKey, endorsers: readonly string[]) {
    const { nonce } = newTransactionId(creator, undefined, proven.keys);
    const results = handMadeWrites(REGISTRY.chaincode, [{ key: 'hand-made', value: 'never said' }]);
    const parts = { channelId: REGISTRY.channel, chaincode: REGISTRY.chaincode, version: '1.0', results };
    const { txId, envelope } = buildTransaction({ ...parts, endorsers, creator, nonce }, {}, proven.keys);
    return { txId, envelope: common.Envelope.deserializeBinary(envelope) };
  }

  it('reads through the peers of the institutes: verdicts, and buckets', async () => {
    const trust = await proven.trust();
    await reading(async (tracecal) => {
      assert.equal((await tracecal.traceCal(SENSOR)).status, 'TRACEABLE');
      const { status, endorsedBy } = await askBucket(tracecal, SENSOR, { trust });
      assert.deepEqual([status, endorsedBy.length], ['TRACEABLE', 3]);
    });
  });

  it('cannot see the channel of a site', async () => {
    const site = as('readers').contract('measurement', 'measurement-a');
    await assert.rejects(site.evaluateTransaction('getVerdicts', '{}'));
  });

  it('cannot write: the orderers refuse what it sends, also with the endorsements of all institutes', async () => {
    const contract = as('readers').contract(REGISTRY.chaincode, REGISTRY.channel);
    const failure = await failureOf(contract.submitTransaction('anchorProofs', 'a'.repeat(64)));
    assert.match(failure.text, FORBIDDEN);
    for (const creator of ['readers/client', 'readers/admin'] as const) {
      const { txId, envelope } = handMade(creator, NMIS);
      const outcome = await broadcast(as('nmi-north'), REGISTRY.channel, envelope);
      assert.ok(outcome.kind === 'refused', creator);
      assert.match(outcome.message, FORBIDDEN, creator);
      const system = as('nmi-north').network(REGISTRY.channel).getContract('qscc');
      await assert.rejects(system.evaluateTransaction('GetTransactionByID', REGISTRY.channel, txId), creator);
    }
    const sent = handMade('lab-alpha/client', NMIS);
    const outcome = await broadcast(as('nmi-north'), REGISTRY.channel, sent.envelope);
    assert.equal(outcome.kind, 'answered', 'the same by a laboratory is taken');
  });

  it('changes nothing of the configuration, not even of its own part', async () => {
    const before = (await presentConfig(as('nmi-north'), REGISTRY.channel)).getSequence();
    const ownPart = (root: common.ConfigGroup) =>
      root.getGroupsMap().get('Application')!.getGroupsMap().get('ReadersMSP')!;
    const signers = [proven.keys.signer('lab-alpha/admin'), proven.keys.signer('readers/admin')] as const;
    const outcome = await updateConfig(
      as('nmi-north'),
      REGISTRY.channel,
      (root) => {
        ownPart(root).getPoliciesMap().del('Admins');
      },
      signers,
    );
    assert.ok(outcome.kind === 'refused');
    assert.match(outcome.message, /not satisfied|do not satisfy/);
    assert.equal((await presentConfig(as('nmi-north'), REGISTRY.channel)).getSequence(), before);
  });

  it('is replaced by another key; the old one is refused from then on', async () => {
    const { network } = proven.registry;
    const readers = memberTree(network.cryptoDir, READERS.organisation);
    const key = () => readFileSync(`${readers.user('User1').msp}/keystore/priv_sk`, 'utf8');
    const [oldKey, old] = [key(), credentialsOf(network, 'readers')];
    await network.rotateAuthority('readers', 'identity');
    assert.notEqual(key(), oldKey);
    await reading(async (tracecal) => {
      assert.equal((await tracecal.traceCal(SENSOR)).status, 'TRACEABLE');
    });
    const contract = as('readers', old).contract(REGISTRY.chaincode, REGISTRY.channel);
    await assert.rejects(
      contract.evaluateTransaction('traceCal', SENSOR, ''),
      /access denied|authority|identity|creator/i,
    );
  });
});
