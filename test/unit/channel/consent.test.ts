import assert from 'node:assert/strict';
import { agreeOnUpdate } from '@tracecal/network/admin';
import { describedConfig } from '@tracecal/network/channel';
import { common } from '@hyperledger/fabric-protos';
import { accessFromConfig } from '@tracecal/ledger/policy';
import { ConsortiumFixture, type Signer } from './consortium.js';

const CHANNEL = 'calibration';

describe('Those who must agree on a change of members', () => {
  let fixture: ConsortiumFixture;
  let current: common.Config;
  let withoutMonitor: common.Config;

  before(async () => {
    fixture = await ConsortiumFixture.shared();
    const channel = fixture.channel(CHANNEL);
    const configOf = (readers: readonly string[]): common.Config =>
      describedConfig(fixture.consortium, { ...channel, readers }, fixture.template, fixture.material);
    current = configOf(channel.readers);
    withoutMonitor = configOf(channel.readers.filter((id) => id !== 'monitor'));
  });

  const members = (...ids: readonly string[]): Signer[] => ids.map((id) => fixture.admin(id));
  const orderers = (count: number): Signer[] =>
    fixture.consortium.orderers.slice(0, count).map(({ domain }) => fixture.ordererAdmin(domain));
  const agree = (admins: readonly Signer[]) => agreeOnUpdate(CHANNEL, current, withoutMonitor, admins);

  it('are a majority of the NMIs, and nobody is asked in vain', async () => {
    const everybody = members('nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha', 'lab-beta', 'oem-a', 'monitor');
    const agreed = await agree([...everybody, ...orderers(4)]);
    assert.equal(agreed?.signatures, 2);
    assert.equal(agreed.sequence, 1);
  });

  it('cannot be replaced by laboratories, lower members, and all orderers, with one NMI on their side', async () => {
    const others = members('lab-alpha', 'lab-beta', 'oem-a', 'oem-b', 'monitor');
    for (const institute of ['nmi-north', 'nmi-south', 'nmi-east']) {
      await assert.rejects(agree([...members(institute), ...others, ...orderers(4)]), { code: 'UPDATE_REFUSED' });
    }
    await assert.rejects(agree([]), { code: 'UPDATE_REFUSED' });
  });

  it('are those of the level and most of the orderers on a site, where no NMI is', async () => {
    const channel = fixture.channel('measurement-a');
    const configOf = (readers: readonly string[]): common.Config =>
      describedConfig(fixture.consortium, { ...channel, readers }, fixture.template, fixture.material);
    const signers = [...members('oem-a', 'monitor'), ...orderers(4)];
    const agreed = await agreeOnUpdate(channel.name, configOf(channel.readers), configOf([]), signers);
    assert.equal(agreed?.signatures, 1 + 3);
  });

  it("are a majority of the NMIs also where an ordering organisation's own part changes", async () => {
    const part = (config: common.Config) =>
      config.getChannelGroup()!.getGroupsMap().get('Orderer')!.getGroupsMap().get('LabAlphaOrdererMSP')!;
    const own = fixture.consortium.orderers.filter(({ mspId }) => mspId === 'LabAlphaOrdererMSP');
    const alone = own.map(({ domain }) => fixture.ordererAdmin(domain));
    const changes: readonly ((own: common.ConfigGroup) => unknown)[] = [
      (own) => own.getValuesMap().get('Endpoints')!.setValue(Buffer.from('dead')),
      (own) => own.getValuesMap().get('MSP')!.setModPolicy('Admins'),
      (own) => own.getPoliciesMap().del('Admins'),
      (own) => own.setModPolicy('Admins'),
    ];
    for (const change of changes) {
      const wanted = current.clone();
      change(part(wanted));
      const admins = [...alone, ...members('lab-alpha', 'lab-beta', 'nmi-east')];
      await assert.rejects(agreeOnUpdate(CHANNEL, current, wanted, admins), { code: 'UPDATE_REFUSED' });
      const agreed = await agreeOnUpdate(CHANNEL, current, wanted, members('nmi-north', 'nmi-south'));
      assert.equal(agreed?.signatures, 2);
    }
  });

  it('may all be orderers on a site, and a writer of the channel sends their update', async () => {
    const site = describedConfig(
      fixture.consortium,
      fixture.channel('measurement-a'),
      fixture.template,
      fixture.material,
    );
    const wanted = site.clone();
    const ordering = wanted.getChannelGroup()!.getGroupsMap().get('Orderer')!;
    ordering.getValuesMap().get('BatchTimeout')!.setValue(Buffer.from('other'));
    const signers = [...members('oem-a', 'monitor'), ...orderers(4)];
    const agreed = await agreeOnUpdate('measurement-a', site, wanted, signers);
    assert.equal(agreed?.signatures, 3);
    const { envelope } = agreed;
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const header = common.SignatureHeader.deserializeBinary(payload.getHeader()!.getSignatureHeader_asU8());
    const signature = envelope.getSignature_asU8();
    const signed = { data: envelope.getPayload_asU8(), identity: header.getCreator_asU8(), signature };
    assert.ok(
      accessFromConfig('measurement-a', site.serializeBinary()).satisfies('/Channel/Writers', [signed]).satisfied,
    );
  });

  it('have nothing to sign where nothing changes', async () => {
    assert.equal(await agreeOnUpdate(CHANNEL, current, current, []), undefined);
  });
});
