import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BucketVerdict } from '@tracecal/gateway-client/proof';
import { CliUser, tracecal } from '../support/commandLine.js';
import { READERS } from '../support/readers.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

/** Somebody asks about a sensor, and tells neither which one nor who asks. */
describe('A trace that hides its device', function () {
  this.timeout(240_000);
  let user: CliUser;
  let sensor: string;
  let trust: string;

  before(async () => {
    const folder = temporaryFolder();
    trust = join(folder, 'trust.json');
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature } = await startTemperatureConsortium(user);
    const imported = await user.succeed<{ device: string }[]>(
      ...['dcc', 'import', temperature[0], '--technician', 't-north', '--kind', 'standard'],
    );
    sensor = imported[0]!.device;
    writeFileSync(trust, (await tracecal(['trust', 'export', '--from-network', '--data', user.data])).stdout);
    const readers = join(folder, 'readers.yaml');
    // JSON is YAML.
    writeFileSync(readers, JSON.stringify(READERS));
    await user.succeed('network', 'add-org', readers);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  const trace = (...args: readonly string[]) => user.run('trace', '--bucket', '--trust', trust, ...args);

  it('finds a device once it has its place', async () => {
    assert.equal((await trace(sensor)).code, 6);
    assert.deepEqual(await user.succeed('bucket', 'fill'), { placed: 1 });
    assert.deepEqual(await user.succeed('bucket', 'fill'), { placed: 0 });
    const plain = await user.run('trace', sensor);
    const hidden = await trace(sensor);
    assert.equal(hidden.code, plain.code, hidden.stderr);
    const verdict = hidden.document as BucketVerdict;
    assert.deepEqual([verdict.device, verdict.devices, verdict.prefix], [sensor, 1, '']);
  });

  it('needs the whole id, and a trust that names endorsers', async () => {
    const short = await trace(sensor.split('/').at(-1)!);
    assert.equal(short.code, 2);
    assert.match(short.stderr, /Write the whole id/);
    const roots = join(temporaryFolder(), 'roots.json');
    writeFileSync(roots, (await tracecal(['trust', 'export', '--data', user.data])).stdout);
    const without = await user.run('trace', '--bucket', sensor, '--trust', roots);
    assert.equal(without.code, 2);
    assert.match(without.stderr, /names no endorsers/);
    assert.equal((await trace(sensor, '--max-age', '24h')).code, 2);
  });

  it('is asked with the identity that all readers share', async () => {
    const hidden = await trace(sensor, '--as', 'readers');
    assert.equal(hidden.code, 0, hidden.stderr);
    await user.succeed('network', 'rotate', '--org', 'readers');
    assert.equal((await trace(sensor, '--as', 'readers')).code, 0);
  });
});
