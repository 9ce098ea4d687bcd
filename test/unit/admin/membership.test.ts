import assert from 'node:assert/strict';
import { common } from '@hyperledger/fabric-protos';
import { changeChannel, Signer, type NodeConnection } from '@tracecal/network/admin';
import { describedConfig } from '@tracecal/network/channel';
import { generateKeyPair } from '@tracecal/network/pki';
import { ConsortiumFixture } from '../channel/consortium.js';
import { FakeNodes } from './fakeNodes.js';
import { tlsFixture } from './tlsFixture.js';

const CHANNEL = 'calibration';
const ACCEPTED = { status: common.Status.SUCCESS };
const refused = (why: string) => ({ status: common.Status.BAD_REQUEST, info: why });

describe('A change of members', () => {
  let fixture: ConsortiumFixture;
  let nodes: FakeNodes;
  let accepted: common.Envelope[];

  beforeEach(async () => {
    fixture = await ConsortiumFixture.shared();
    nodes = new FakeNodes(await tlsFixture());
    accepted = [];
  });
  afterEach(() => {
    nodes.stop();
  });

  /** Has the channel's monitor leave it; the witness knows of that when an orderer has accepted it. */
  async function change(...orderers: NodeConnection[]): Promise<number> {
    const channel = fixture.channel(CHANNEL);
    const configOf = (readers: readonly string[]): common.Config =>
      describedConfig(fixture.consortium, { ...channel, readers }, fixture.template, fixture.material);
    const wanted = configOf(channel.readers.filter((id) => id !== 'monitor'));
    const connection = await nodes.witness('peer0.lab-alpha.example', () => {
      const config = accepted.length > 0 ? wanted.clone() : configOf(channel.readers);
      config.setSequence(accepted.length);
      return config.serializeBinary();
    });
    const { privateKey } = generateKeyPair();
    const members = fixture.consortium.organisations.map(({ id }) => fixture.admin(id));
    const admins = [...members, ...fixture.consortium.orderers.map(({ domain }) => fixture.ordererAdmin(domain))];
    const witness = { connection, admin: new Signer({ mspId: 'LabAlphaMSP', certificate: 'certificate', privateKey }) };
    return changeChannel({ channel: CHANNEL, wanted: () => wanted, admins, witness, orderers });
  }

  it('is not for one orderer to refuse, who may be behind', async () => {
    const behind = await nodes.orderer('orderer1.example', [refused('an older configuration')], []);
    const present = await nodes.orderer('orderer2.example', [ACCEPTED], accepted);
    assert.equal(await change(behind, present), 2);
    assert.equal(accepted.length, 1);
  });

  it('is refused when none of them accepts it, in the words of the first', async () => {
    const orderers = [
      await nodes.orderer('orderer1.example', [refused('not so')], []),
      await nodes.orderer('orderer2.example', [refused('not that way either')], []),
    ];
    await assert.rejects(change(...orderers), { code: 'REFUSED', message: /^orderer1\.example: not so/ });
  });
});
