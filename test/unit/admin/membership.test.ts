import assert from 'node:assert/strict';
import { common } from '@hyperledger/fabric-protos';
import { accessFromConfig } from '@tracecal/ledger/policy';
import { changeChannel, Signer, type NodeConnection } from '@tracecal/network/admin';
import { applyConfigUpdate, describedConfig, withDescribed } from '@tracecal/network/channel';
import { generateKeyPair } from '@tracecal/pki';
import { ConsortiumFixture } from '../channel/consortium.js';
import { FakeNodes } from './fakeNodes.js';
import { tlsFixture } from './tlsFixture.js';

const CHANNEL = 'calibration';
const ACCEPTED = { status: common.Status.SUCCESS };
type Change = (config: common.Config) => void;
const refused = (why: string) => ({ status: common.Status.BAD_REQUEST, info: why });

describe('A change of members', () => {
  let fixture: ConsortiumFixture;
  let nodes: FakeNodes;
  let accepted: common.Envelope[];
  /** The channel's configuration. */
  let present: common.Config;

  beforeEach(async () => {
    fixture = await ConsortiumFixture.shared();
    nodes = new FakeNodes(await tlsFixture());
    accepted = [];
  });
  afterEach(() => {
    nodes.stop();
  });

  /** Has the channel's monitor leave it; `first` says whose updates take the place of those that the orderers accept. */
  async function change(orderers: readonly NodeConnection[], first: readonly Change[] = []): Promise<number> {
    const { config, withoutMonitor } = configs();
    present = config;
    const others = [...first];
    let seen = 0;
    const connection = await nodes.witness('peer0.lab-alpha.example', () => {
      for (const envelope of accepted.slice(seen, (seen = accepted.length))) present = next(envelope, others.shift());
      return present.serializeBinary();
    });
    const { privateKey } = generateKeyPair();
    const members = fixture.consortium.organisations.map(({ id }) => fixture.admin(id));
    const admins = [...members, ...fixture.consortium.orderers.map(({ domain }) => fixture.ordererAdmin(domain))];
    const witness = { connection, admin: new Signer({ mspId: 'LabAlphaMSP', certificate: 'certificate', privateKey }) };
    const wanted = (current: common.Config) => withDescribed(current, withoutMonitor, { of: 'members' });
    return changeChannel({ channel: CHANNEL, wanted, admins, witness, orderers });
  }

  function configs() {
    const channel = fixture.channel(CHANNEL);
    const configOf = (readers: readonly string[]): common.Config =>
      describedConfig(fixture.consortium, { ...channel, readers }, fixture.template, fixture.material);
    const withoutMonitor = configOf(channel.readers.filter((id) => id !== 'monitor'));
    return { config: configOf(channel.readers), withoutMonitor };
  }

  /** What the channel commits when an orderer has accepted an update: that, or another one in its place. */
  function next(envelope: common.Envelope, other: Change | undefined): common.Config {
    if (other === undefined) {
      return applyConfigUpdate(accessFromConfig(CHANNEL, present.serializeBinary()), envelope).getConfig()!;
    }
    const config = present.clone();
    other(config);
    config.setSequence(present.getSequence() + 1);
    return config;
  }

  const parts = (section: string) => present.getChannelGroup()!.getGroupsMap().get(section)!.getGroupsMap();
  const isMember = (mspId: string): boolean => parts('Application').has(mspId);

  /** Any administrator's change of its own part. */
  const byBeta: Change = (config) => {
    const part = config.getChannelGroup()!.getGroupsMap().get('Application')!.getGroupsMap().get('LabBetaMSP')!;
    part.setVersion(part.getVersion() + 1);
    part.getPoliciesMap().set(`p${part.getVersion()}`, part.getPoliciesMap().get('Readers')!);
  };

  it('is not for one orderer to refuse, who may be behind', async () => {
    const behind = await nodes.orderer('orderer1.example', [refused('an older configuration')], []);
    const informed = await nodes.orderer('orderer2.example', [ACCEPTED], accepted);
    assert.equal(await change([behind, informed]), 2);
    assert.equal(accepted.length, 1);
  });

  it('is refused when none of them accepts it, in the words of the first', async () => {
    const orderers = [
      await nodes.orderer('orderer1.example', [refused('not so')], []),
      await nodes.orderer('orderer2.example', [refused('not that way either')], []),
    ];
    await assert.rejects(change(orderers), { code: 'REFUSED', message: /^orderer1\.example: not so/ });
  });

  it('is made again when an update of another member was committed in its place', async () => {
    const orderer = await nodes.orderer('orderer1.example', [ACCEPTED], accepted);
    assert.equal(await change([orderer], [byBeta, byBeta]), 2);
    assert.equal(accepted.length, 3);
    assert.ok(!isMember('MonitorMSP'));
    assert.equal(parts('Application').get('LabBetaMSP')?.getVersion(), 2);
  });

  it('that others prevent again and again has not taken place, and is not said to have', async () => {
    const orderer = await nodes.orderer('orderer1.example', [ACCEPTED], accepted);
    await assert.rejects(change([orderer], Array<Change>(100).fill(byBeta)), { code: 'CONTENDED' });
    assert.ok(isMember('MonitorMSP'));
    assert.ok(accepted.length < 100);
  });
});
