import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import {
  applyConfigUpdate,
  computeConfigUpdate,
  configUpdateEnvelope,
  genesisBlock,
  readConfigBlock,
  signConfigUpdate,
} from '@tracecal/network/channel';
import { accessFromConfig } from '@tracecal/ledger/policy';
import { needsFabric, runFabric } from '../../support/fabricBinaries.js';
import { ConsortiumFixture, type Signer } from './consortium.js';

const CHANNEL = 'calibration';

describe('A configuration update', () => {
  let fixture: ConsortiumFixture;
  let current: common.Config;
  let withoutMonitor: common.Config;
  let folder: string;

  before(async () => {
    fixture = await ConsortiumFixture.shared();
    folder = mkdtempSync(join(tmpdir(), 'tracecal-update-'));
    const channel = fixture.channel(CHANNEL);
    const configOf = (readers: readonly string[], timeoutMs = channel.batch.timeoutMs): common.Config => {
      const changed = { ...channel, readers, batch: { ...channel.batch, timeoutMs } };
      const block = genesisBlock(fixture.consortium, changed, fixture.template, fixture.material);
      return readConfigBlock(block.serializeBinary()).config;
    };
    current = configOf(channel.readers);
    withoutMonitor = configOf(
      channel.readers.filter((id) => id !== 'monitor'),
      channel.batch.timeoutMs + 1000,
    );
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const envelope = async (update: common.ConfigUpdate, signers: readonly Signer[]): Promise<common.Envelope> => {
    const bytes = update.serializeBinary();
    const signatures = await Promise.all(signers.map((signer) => signConfigUpdate(bytes, signer)));
    return configUpdateEnvelope(CHANNEL, bytes, signatures, signers[0]!);
  };

  const allAdmins = (): Signer[] => [...['nmi-north', 'nmi-south'].map((id) => fixture.admin(id))];

  it('equals the one that configtxlator computes for the same two configurations', function () {
    this.timeout(30_000);
    needsFabric(this, 'configtxlator');
    for (const [from, to] of [
      [current, withoutMonitor],
      [withoutMonitor, current],
    ] as const) {
      const file = (name: string): string => join(folder, name);
      writeFileSync(file('from.pb'), from.serializeBinary());
      writeFileSync(file('to.pb'), to.serializeBinary());
      const args = ['--original', file('from.pb'), '--updated', file('to.pb'), '--channel_id', CHANNEL];
      runFabric('configtxlator', ['compute_update', ...args, '--output', file('update.pb')]);
      const theirs = common.ConfigUpdate.deserializeBinary(readFileSync(file('update.pb')));
      assert.deepEqual(sorted(computeConfigUpdate(CHANNEL, from, to)), sorted(theirs));
    }
  });

  it('is not made where nothing differs', () => {
    assert.throws(() => computeConfigUpdate(CHANNEL, current, current), { code: 'NO_CHANGE' });
  });

  it('takes effect once the admins of a majority of the NMIs have signed', async () => {
    const update = await envelope(computeConfigUpdate(CHANNEL, current, withoutMonitor), allAdmins());
    const { config, lastUpdate } = applyConfigUpdate(
      accessFromConfig(CHANNEL, current.serializeBinary()),
      update,
    ).toObject();
    assert.equal(config!.sequence, 1);
    assert.ok(lastUpdate);
    const next = applyConfigUpdate(accessFromConfig(CHANNEL, current.serializeBinary()), update).getConfig()!;
    const access = accessFromConfig(CHANNEL, next.serializeBinary());
    assert.ok(!access.applicationMsps.includes('MonitorMSP'));
    assert.equal(access.batch.timeoutMs, fixture.channel(CHANNEL).batch.timeoutMs + 1000);
    // And back again: the versions go on counting.
    const back = await envelope(computeConfigUpdate(CHANNEL, next, current), allAdmins());
    const restored = applyConfigUpdate(access, back).getConfig()!;
    assert.deepEqual(
      [...accessFromConfig(CHANNEL, restored.serializeBinary()).applicationMsps].sort(),
      [...accessFromConfig(CHANNEL, current.serializeBinary()).applicationMsps].sort(),
    );
    assert.equal(restored.getSequence(), 2);
  });

  it('is refused without a majority of the NMIs, however many others sign', async () => {
    const signers = ['nmi-north', 'lab-alpha', 'lab-beta', 'oem-a', 'oem-b', 'monitor'].map((id) => fixture.admin(id));
    const orderers = fixture.consortium.orderers.map(({ domain }) => fixture.ordererAdmin(domain));
    const update = await envelope(computeConfigUpdate(CHANNEL, current, withoutMonitor), [...signers, ...orderers]);
    assert.throws(() => applyConfigUpdate(accessFromConfig(CHANNEL, current.serializeBinary()), update), {
      code: 'UPDATE_REFUSED',
      message: /Admins/,
    });
  });

  it('counts a signer who signs twice only once', async () => {
    const admin = fixture.admin('nmi-north');
    const update = await envelope(computeConfigUpdate(CHANNEL, current, withoutMonitor), [admin, admin, admin]);
    assert.throws(() => applyConfigUpdate(accessFromConfig(CHANNEL, current.serializeBinary()), update), {
      code: 'UPDATE_REFUSED',
    });
  });

  it('does not fit once another one was faster', async () => {
    const access = accessFromConfig(CHANNEL, current.serializeBinary());
    const update = await envelope(computeConfigUpdate(CHANNEL, current, withoutMonitor), allAdmins());
    const next = applyConfigUpdate(access, update).getConfig()!;
    assert.throws(() => applyConfigUpdate(accessFromConfig(CHANNEL, next.serializeBinary()), update), {
      code: 'BAD_UPDATE',
    });
  });

  it('for another channel, of another kind or cut short is refused with a code', async () => {
    const access = accessFromConfig(CHANNEL, current.serializeBinary());
    const update = await envelope(computeConfigUpdate('elsewhere', current, withoutMonitor), allAdmins());
    assert.throws(() => applyConfigUpdate(access, update), { code: 'BAD_UPDATE' });
    assert.throws(() => applyConfigUpdate(access, new common.Envelope()), { code: 'BAD_UPDATE' });
    const payload = update.getPayload_asU8();
    for (let length = 0; length < payload.length; length += 97) {
      const cut = new common.Envelope();
      cut.setPayload(payload.slice(0, length));
      assert.throws(() => applyConfigUpdate(access, cut), { code: 'BAD_UPDATE' });
    }
  });
});

/** A message as data, with its maps in order: the order of a map's entries has no meaning. */
function sorted(update: common.ConfigUpdate): unknown {
  return JSON.parse(JSON.stringify(update.toObject()), (_, value: unknown) =>
    Array.isArray(value)
      ? [...(value as unknown[])].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : value,
  );
}
