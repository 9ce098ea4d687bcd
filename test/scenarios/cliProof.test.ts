import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProofReport } from '@tracecal/gateway-client/proof/verify';
import { CliUser, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

/** An owner hands out a verdict, and an insurer without an account checks it when the network is gone. */
describe('A verdict in a file', function () {
  this.timeout(120_000);
  let user: CliUser;
  let sensor: string;
  let folder: string;
  let bundle: string;
  let trust: string;

  before(async () => {
    folder = temporaryFolder();
    bundle = join(folder, 'sensor.bundle.json');
    trust = join(folder, 'trust.json');
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature } = await startTemperatureConsortium(user);
    const [institute, second, third] = temperature;
    const take = async (...args: readonly string[]) =>
      (await user.succeed<{ device: string }[]>('dcc', 'import', ...args))[0]!.device;
    await take(institute, '--technician', 't-north', '--kind', 'standard');
    await take(second, '--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard');
    sensor = await take(third, '--technician', 't-alpha', '--owner', 'oem-a');
    writeFileSync(trust, (await tracecal(['trust', 'export', '--data', user.data])).stdout);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  const verify = (file: string, ...args: readonly string[]) =>
    tracecal(['proof', 'verify', file, '--trust', trust, '--data', join(folder, 'nothing'), ...args]);

  it('is written once, with what answers the question', async () => {
    const made = await user.succeed<{ device: string; records: number }>('proof', 'create', sensor, '-o', bundle);
    assert.equal(made.device, sensor);
    assert.ok(made.records > 10);
    const again = await user.run('proof', 'create', sensor, '-o', bundle);
    assert.notEqual(again.code, 0);
    assert.equal((await user.run('proof', 'create', 'nobody', '-o', join(folder, 'other'))).code, 6);
  });

  it('is checked without the network, by whoever trusts the institute', async () => {
    const before = await user.succeed<{ status: string }>('trace', sensor);
    await user.run('down');
    const { code, stdout } = await verify(bundle, '--json');
    const { verdict, tiers } = JSON.parse(stdout) as ProofReport;
    assert.deepEqual([code, verdict.status], [0, before.status]);
    assert.deepEqual([tiers.chain.holds, tiers.fresh.holds], [true, false]);
    const told = (await verify(bundle)).stdout;
    assert.match(told, /✓ chain: every link up to nmi-north is signed and sound/);
    assert.match(told, /Not checked:\n {2}- whether the ledger holds more/);
  });

  it('has exit code 8 if more is required than it shows', async () => {
    const { code, stdout } = await verify(bundle, '--require', 'chain', 'fresh');
    assert.equal(code, 8);
    assert.match(stdout, /Required, and not shown: fresh\./);
  });

  it('is FAILED for other roots, and refused if it was changed', async () => {
    const other = join(folder, 'other-trust.json');
    const { roots } = JSON.parse(readFileSync(trust, 'utf8')) as { roots: object[] };
    writeFileSync(
      other,
      JSON.stringify({
        type: 'tracecal-trust/1',
        roots: [{ ...roots[0], sha256: 'ab'.repeat(32) }],
        heartbeats: { k: 1 },
      }),
    );
    assert.equal((await verify(bundle, '--trust', other)).code, 1);
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, readFileSync(bundle, 'utf8').replace('"payload":"ey', '"payload":"e!'));
    const { code, stderr } = await verify(changed);
    assert.equal(code, 2);
    assert.match(stderr, /is not accepted/);
    assert.equal((await verify(join(folder, 'nothing.json'))).code, 2);
  });
});
