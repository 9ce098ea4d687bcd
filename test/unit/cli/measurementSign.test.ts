import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateKeyPem } from '@tracecal/pki';
import { tracecal } from '../../support/commandLine.js';
import { twoCountries } from '../../support/hierarchy.js';
import { loggedBundle } from '../../support/loggedBundle.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const DEVICE = 'oem-a/sensor-a';

describe('tracecal measurement sign --key', () => {
  let folder: string;
  let registry: string;

  before(async () => {
    folder = temporaryFolder();
    const hierarchy = await twoCountries();
    const { privateKey, issuer } = hierarchy.holder('device', DEVICE);
    ({ registry } = hierarchy);
    writeFileSync(join(folder, 'sensor.key.pem'), privateKeyPem(privateKey), { mode: 0o600 });
    writeFileSync(join(folder, 'sensor.cert.pem'), issuer.certificate);
  });

  after(removeTemporaryFolders);

  const sign = (...more: readonly string[]) =>
    tracecal([
      ...['measurement', 'sign', DEVICE, join(folder, 'log'), '--registry', registry, '--data', join(folder, 'data')],
      ...['--quantity', 'temperature', '--unit', '\\degreecelsius', '--value', '20', '--json', ...more],
    ]);

  it('takes a file with its certificate beside it', async () => {
    const { code, stdout, stderr } = await sign('--key', join(folder, 'sensor.key.pem'));
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as { signed: number }).signed, 1);
  });

  it('refuses a way for readings outside of a report without one, and other words', async () => {
    const { code, stdout } = await sign('--key', join(folder, 'sensor.key.pem'), '--outside', 'stop');
    assert.equal(code, 2);
    assert.match(stdout, /USAGE.*--correct/s);
    assert.equal((await sign('--outside', 'drop')).code, 2);
  });

  it('says how an influence is given that a reading needs', async () => {
    const [bundle, trust] = [join(folder, 'bundle.json'), join(folder, 'trust.json')];
    const made = await loggedBundle();
    writeFileSync(bundle, made.bundle);
    writeFileSync(trust, made.trust);
    const words = ['--key', join(folder, 'sensor.key.pem'), '--correct', bundle, '--trust', trust];
    const { code, stdout } = await sign(...words, '--with', 'humidity=40\\percent');
    assert.equal(code, 2, stdout);
    assert.match(stdout, /states no humidity: .* or state its influence .* Give influences with --influences\./);
  });

  it('takes the name of a key in a token', async () => {
    const { stdout, stderr } = await sign('--key', 'pkcs11:token=t;object=k?module-path=/nowhere.so');
    assert.match(stdout + stderr, /TOKEN_(PIN_REFUSED|SUPPORT_MISSING|UNAVAILABLE)/);
  });

  it('refuses a certificate without its key', async () => {
    const { stdout, stderr } = await sign('--certificate', join(folder, 'sensor.cert.pem'));
    assert.match(stdout + stderr, /USAGE/);
  });
});
