import assert from 'node:assert/strict';
import { common, msp } from '@hyperledger/fabric-protos';
import { agreeOnUpdate } from '@tracecal/network/admin';
import { describedConfig, parsePolicy, partsLeft, withDescribed, type Subject } from '@tracecal/network/channel';
import { withMembership, type Consortium } from '@tracecal/network/topology';
import { ConsortiumFixture } from './consortium.js';

const CHANNEL = 'calibration';

/** Only the calibration level: whoever has no peer writes nothing. */
function withoutSites(consortium: Consortium): Consortium {
  return {
    ...consortium,
    channels: consortium.channels.filter(({ name }) => name === CHANNEL),
    chaincodes: consortium.chaincodes.filter(({ name }) => name === 'registry'),
  };
}

describe('A change of a configuration', () => {
  let fixture: ConsortiumFixture;
  let described: common.Config;
  let withoutMonitor: common.Config;
  /** As described, but for what two administrators changed in their own parts. */
  let current: common.Config;

  before(async () => {
    fixture = await ConsortiumFixture.shared();
    const channel = fixture.channel(CHANNEL);
    const configOf = (readers: readonly string[]): common.Config =>
      describedConfig(fixture.consortium, { ...channel, readers }, fixture.template, fixture.material);
    described = configOf(channel.readers);
    withoutMonitor = configOf(channel.readers.filter((id) => id !== 'monitor'));
    current = described.clone();
    const alpha = part(current, 'Application', 'LabAlphaMSP').getPoliciesMap().get('Admins')!.getPolicy()!;
    alpha.setValue(parsePolicy("OR('LabAlphaMSP.client')").serializeBinary());
    certifiedByAlpha('Application', 'LabBetaMSP');
    certifiedByAlpha('Orderer', 'LabAlphaOrdererMSP');
  });

  const section = (config: common.Config, name: string) => config.getChannelGroup()!.getGroupsMap().get(name)!;
  const part = (config: common.Config, under: string, name: string) => section(config, under).getGroupsMap().get(name)!;
  const mspOf = (config: common.Config, under: string, name: string) =>
    part(config, under, name).getValuesMap().get('MSP')!;

  /** Gives an organisation the certificate authorities of another one: its own administrators are nobody any more. */
  function certifiedByAlpha(under: string, name: string): void {
    const config = msp.MSPConfig.deserializeBinary(mspOf(current, 'Application', 'LabAlphaMSP').getValue_asU8());
    const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
    fabric.setName(name);
    config.setConfig(fabric.serializeBinary());
    mspOf(current, under, name).setValue(config.serializeBinary());
  }

  const bytes = (message: { serializeBinary(): Uint8Array }): string =>
    Buffer.from(message.serializeBinary()).toString('base64');

  it('of members leaves what administrators changed in their own parts, and needs none of them', async () => {
    const wanted = withDescribed(current, withoutMonitor, { of: 'members' });
    assert.ok(!section(wanted, 'Application').getGroupsMap().has('MonitorMSP'));
    for (const [under, name] of [
      ['Application', 'LabAlphaMSP'],
      ['Application', 'LabBetaMSP'],
      ['Orderer', 'LabAlphaOrdererMSP'],
    ] as const) {
      assert.equal(bytes(part(wanted, under, name)), bytes(part(current, under, name)), name);
    }
    const institutes = ['nmi-north', 'nmi-south'].map((id) => fixture.admin(id));
    assert.equal((await agreeOnUpdate(CHANNEL, current, wanted, institutes))?.signatures, 2);
  });

  it('says which parts it leaves', () => {
    const said = partsLeft(CHANNEL, current, described);
    assert.match(
      said!,
      /calibration differs .* Application\/LabAlphaMSP, Application\/LabBetaMSP, Orderer\/LabAlphaOrdererMSP:/,
    );
    assert.equal(partsLeft(CHANNEL, described, described), undefined);
  });

  it('of members brings back one that was put out, with the policies that name it', () => {
    const back = withDescribed(withoutMonitor, described, { of: 'members' });
    const readers = (config: common.Config) => bytes(config.getChannelGroup()!.getPoliciesMap().get('Readers')!);
    assert.equal(bytes(part(back, 'Application', 'MonitorMSP')), bytes(part(described, 'Application', 'MonitorMSP')));
    assert.equal(readers(back), readers(described));
    assert.notEqual(readers(back), readers(withoutMonitor));
  });

  it('of institutes changes who decides about the organisation that readers share, too', async () => {
    const { consortium, template, material } = fixture;
    const shared = {
      ...consortium,
      organisations: consortium.organisations.map((each) =>
        each.id === 'oem-b'
          ? { ...each, kind: 'OBSERVER' as const, shared: true, peers: [], users: [{ name: 'Reader', roles: [] }] }
          : each,
      ),
    };
    const configOf = (next: typeof consortium) =>
      describedConfig(
        next,
        next.channels.find(({ name }) => name === CHANNEL)!,
        template,
        material,
      );
    const before = configOf(shared);
    const without = configOf(withMembership(withoutSites(shared), { leave: 'nmi-east', endorsement: {} }));
    const wanted = withDescribed(before, without, { of: 'members' });
    const admins = (config: common.Config) =>
      bytes(part(config, 'Application', 'OemBMSP').getPoliciesMap().get('Admins')!.getPolicy()!);
    assert.notEqual(admins(before), admins(without));
    assert.equal(admins(wanted), admins(without));
    const institutes = ['nmi-north', 'nmi-south'].map((id) => fixture.admin(id));
    assert.equal((await agreeOnUpdate(CHANNEL, before, wanted, institutes))?.signatures, 2);
  });

  it("of a member's authorities replaces its MSP alone", () => {
    const wanted = withDescribed(current, described, { of: 'authorities', mspId: 'LabBetaMSP' });
    const changed = mspOf(wanted, 'Application', 'LabBetaMSP');
    assert.equal(changed.getValue_asB64(), mspOf(described, 'Application', 'LabBetaMSP').getValue_asB64());
    changed.setValue(mspOf(current, 'Application', 'LabBetaMSP').getValue_asU8());
    assert.equal(bytes(wanted), bytes(current));
  });

  it('of orderers replaces their certificates and the policy that follows from them alone', () => {
    const other = current.clone();
    section(other, 'Orderer').getValuesMap().get('Orderers')!.setValue(Buffer.from('others'));
    section(other, 'Orderer').getPoliciesMap().get('BlockValidation')!.getPolicy()!.setValue(Buffer.from('others'));
    assert.equal(bytes(withDescribed(other, described, { of: 'orderers' })), bytes(current));
  });

  it('is refused where a section is missing', () => {
    const subject: Subject = { of: 'members' };
    assert.throws(() => withDescribed(new common.Config(), described, subject), { code: 'BAD_UPDATE' });
  });
});
