import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@tracecal/core/platform';
import { builtPage } from '../../support/builtPage.js';
import { tracecal } from '../../support/commandLine.js';
import { goldenBundle, goldenTrust } from '../../support/goldenBundle.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SENSOR = 'oem-b/sensor-b';

describe('tracecal proof publish', () => {
  let folder: string;
  let bundle: string;

  before(async () => {
    builtPage();
    folder = temporaryFolder();
    bundle = join(folder, 'sensor.bundle.json');
    writeFileSync(bundle, await goldenBundle(SENSOR));
  });

  after(removeTemporaryFolders);

  const publish = (...args: readonly string[]) =>
    tracecal(['proof', 'publish', ...args, '--data', join(folder, 'nothing')]);

  it('needs no network for bundles that exist, and prints what a QR code opens', async () => {
    const digest = sha256(readFileSync(bundle, 'utf8'));
    const site = join(folder, 'public');
    const { code, stdout, stderr } = await publish(
      site,
      '--bundle',
      bundle,
      '--url',
      'https://proofs.example/s',
      '--json',
    );
    assert.equal(code, 0, stderr);
    const { bundles } = JSON.parse(stdout) as { readonly bundles: readonly { device: string; link: string }[] };
    assert.deepEqual(
      bundles.map(({ device, link }) => [device, link]),
      [[SENSOR, `https://proofs.example/s/#${digest}`]],
    );
    assert.equal(readFileSync(join(site, 'bundles', `${digest}.json`), 'utf8'), readFileSync(bundle, 'utf8'));
    const told = await publish(site, '--bundle', bundle);
    assert.match(told.stdout, /0 new bundles/);
    assert.ok(told.stdout.includes(`#${digest}`));
  });

  it('offers a trust file only where it is told to, and names its fingerprint', async () => {
    const trust = join(folder, 'trust.json');
    writeFileSync(trust, await goldenTrust(SENSOR));
    const site = join(folder, 'offering');
    await publish(site, '--bundle', bundle);
    assert.equal(existsSync(join(site, 'trust.json')), false);
    const { stdout } = await publish(site, '--offer-trust', trust);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /with the fingerprint (?:\w{5} ){3}\w{5}: tell it to readers/);
    assert.equal(readFileSync(join(site, 'trust.json'), 'utf8'), readFileSync(trust, 'utf8'));
  });

  it('refuses what is no bundle, and an address that no link can begin with', async () => {
    const site = join(folder, 'refused');
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"type":"tracecal-bundle/1"}');
    const { code, stderr } = await publish(site, '--bundle', bundle, broken);
    assert.equal(code, 2);
    assert.match(stderr.replaceAll(/\s+/g, ' '), /broken\.json: The bundle is not accepted/);
    for (const url of ['proofs.example', 'ftp://proofs.example/', 'https://proofs.example/?x=1']) {
      assert.equal((await publish(site, '--bundle', bundle, '--url', url)).code, 2, url);
    }
    assert.equal(existsSync(site), false);
  });
});
