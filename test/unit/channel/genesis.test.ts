import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  configtxYaml,
  genesisBlock,
  parsePolicy,
  readConfigBlock,
  readPolicyTemplate,
  type ChannelMaterial,
} from '@tracecal/network/channel';
import { bftQuorum } from '@tracecal/ledger/policy';
import { needsFabric, runFabric } from '../../support/fabricBinaries.js';
import { ConsortiumFixture } from './consortium.js';

describe('A genesis block', () => {
  let fixture: ConsortiumFixture;
  let folder: string;

  before(async () => {
    fixture = await ConsortiumFixture.shared();
    folder = mkdtempSync(join(tmpdir(), 'tracecal-genesis-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const block = (name: string): Uint8Array =>
    genesisBlock(fixture.consortium, fixture.channel(name), fixture.template, fixture.material).serializeBinary();

  it('says the same as the one that configtxgen makes of the same input, for every channel', function () {
    this.timeout(60_000);
    needsFabric(this, 'configtxgen');
    const { consortium, cryptoDir, material } = fixture;
    // Every organisation's part is changed by its own Admins there: its input has no words for anything else.
    const template = { ...fixture.template, changedBy: { ordererOrganisation: 'Admins' } };
    writeFileSync(join(folder, 'configtx.yaml'), configtxYaml(consortium, template, cryptoDir));
    for (const channel of consortium.channels) {
      const { name } = channel;
      const ours = join(folder, `${name}.block`);
      const theirs = join(folder, `${name}.configtxgen.block`);
      writeFileSync(ours, genesisBlock(consortium, channel, template, material).serializeBinary());
      runFabric('configtxgen', ['-profile', name, '-channelID', name, '-outputBlock', theirs], {
        FABRIC_CFG_PATH: folder,
      });
      assert.deepEqual(inspect(ours), inspect(theirs), name);
    }
  });

  it("has policies to the byte as Fabric's own reader of the language makes them", function () {
    needsFabric(this, 'configtxgen');
    const { consortium, template, cryptoDir } = fixture;
    const nested =
      "OutOf(2, 'A.peer', AND('B.member', Or('C.admin', 'D-1.x.client')), outof(1, 'E.orderer'), 'A.peer')";
    const yaml = configtxYaml(consortium, template, cryptoDir);
    // The first policy of the profile is the channel's Readers.
    const changed = yaml.replace(
      /(\n {2}measurement-a:\n[^]*?Readers:\n[^]*?Rule: ).*/,
      (_, before: string) => before + nested,
    );
    assert.notEqual(changed, yaml);
    writeFileSync(join(folder, 'configtx.yaml'), changed);
    const file = join(folder, 'nested.block');
    runFabric('configtxgen', ['-profile', 'measurement-a', '-channelID', 'nested', '-outputBlock', file], {
      FABRIC_CFG_PATH: folder,
    });
    const policies = readConfigBlock(readFileSync(file)).config.getChannelGroup()!.getPoliciesMap();
    const theirs = policies.get('Readers')!.getPolicy()!.getValue_asU8();
    assert.deepEqual(Buffer.from(parsePolicy(nested).serializeBinary()), Buffer.from(theirs));
  });

  it('is the same to the byte when its nonce and its date are given', () => {
    const options = { nonce: Buffer.alloc(24, 7), timestamp: new Date('2026-01-01T00:00:00Z') };
    const [first, second] = [1, 2].map(() =>
      genesisBlock(fixture.consortium, fixture.channel('calibration'), fixture.template, fixture.material, options),
    );
    assert.deepEqual(first!.serializeBinary(), second!.serializeBinary());
    assert.notDeepEqual(block('calibration'), block('calibration'));
  });

  it('is a config block of its channel that lists members and ordering nodes by MSP id', () => {
    const { channelId, number, config } = readConfigBlock(block('measurement-a'));
    assert.deepEqual([channelId, number], ['measurement-a', 0]);
    const groups = config.getChannelGroup()!.getGroupsMap();
    const organisations = (section: string): string[] => [...groups.get(section)!.getGroupsMap().keys()].sort();
    assert.deepEqual(organisations('Application'), ['MonitorMSP', 'OemAMSP']);
    assert.equal(organisations('Orderer').length, 4);
  });

  it('names the organisation whose certificates are missing', () => {
    const material: ChannelMaterial = { ...fixture.material, msps: new Map() };
    assert.throws(() => genesisBlock(fixture.consortium, fixture.channel('calibration'), fixture.template, material), {
      code: 'MISSING_MATERIAL',
      message: /NmiNorth/,
    });
  });

  it('can be signed by a quorum that neither f liars can fake nor f silent nodes can stop', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 10].map(bftQuorum), [1, 2, 2, 3, 4, 4, 5, 7]);
  });

  it('is never made from a template that lets ANY group open the whole', () => {
    const file = join(folder, 'policies.yaml');
    const text = 'channel: { Readers: { implicitMeta: ANY Readers } }';
    writeFileSync(file, text);
    assert.throws(() => readPolicyTemplate(file), { code: 'BAD_TEMPLATE', message: /channel/ });
  });
});

/** The configuration in a block file, as Fabric's own tool prints it. */
function inspect(file: string): unknown {
  const printed = JSON.parse(runFabric('configtxgen', ['-inspectBlock', file]).toString('utf8')) as {
    data: { data: [{ payload: { data: unknown } }] };
    metadata: unknown;
  };
  assert.ok(readFileSync(file).length > 10_000);
  return { config: printed.data.data[0].payload.data, metadata: printed.metadata };
}
