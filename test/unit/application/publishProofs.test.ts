import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RegistryError } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { ApplicationError, publishProofs, verifyingPage } from '@tracecal/gateway-client/application';
import type { Exported, Publication } from '@tracecal/gateway-client/application';
import { builtPage } from '../../support/builtPage.js';
import { goldenBundle, goldenTrust } from '../../support/goldenBundle.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SENSOR = 'oem-b/sensor-b';
const OTHER = 'oem-b/below-drifted';

describe('Proofs are published', () => {
  let page: string;
  let one: string;
  let other: string;
  let trust: string;
  let folder: string;

  before(async () => {
    builtPage();
    page = await verifyingPage();
    [one, other, trust] = [await goldenBundle(SENSOR), await goldenBundle(OTHER), await goldenTrust(SENSOR)];
  });

  beforeEach(() => {
    folder = join(temporaryFolder(), 'below', 'public');
  });

  after(removeTemporaryFolders);

  const publish = (more: Partial<Publication>) => publishProofs(folder, { bundles: [], page, ...more });

  /** All files, with their contents. */
  const site = () =>
    existsSync(folder)
      ? Object.fromEntries(
          readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map(({ parentPath, name }) => join(parentPath, name))
            .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
        )
      : undefined;

  /** A change log of two epochs, as `exportLog` continues it. */
  function log(last: number): (from: string, into: string) => Promise<Exported> {
    return (from, into) => {
      const held = existsSync(join(from, 'epochs')) ? readdirSync(join(from, 'epochs')).length : 0;
      mkdirSync(join(into, 'epochs'), { recursive: true });
      for (let epoch = held; epoch <= last; epoch += 1) {
        writeFileSync(join(into, 'epochs', `00000000${epoch}.txt`), `epoch ${epoch}`);
      }
      writeFileSync(join(into, 'head.json'), `head ${last}`);
      const written = last + 1 - held;
      return Promise.resolve({ folder: from, channel: 'c', epoch: last, digest: '', written, transactions: 0 });
    };
  }

  it('as a static file under the digest, beside the page', async () => {
    const published = await publish({ bundles: [one, one] });
    const digest = sha256(one);
    const file = `bundles/${digest}.json`;
    assert.deepEqual(site(), { 'index.html': page, [file]: one });
    assert.equal(published.page, sha256(page));
    assert.deepEqual(published.bundles, [
      { device: SENSOR, bundle: digest, file, fragment: `#${digest}`, isNew: true },
    ]);
    assert.deepEqual([published.log, published.trust], [null, null]);
  });

  it('beside those that are there, which stay as they are', async () => {
    await publish({ bundles: [one], trust, log: log(0) });
    writeFileSync(join(folder, 'own.txt'), 'own');
    const { bundles, log: exported } = await publish({ bundles: [one, other], log: log(1) });
    assert.deepEqual(
      bundles.map(({ device, isNew }) => [device, isNew]),
      [
        [SENSOR, false],
        [OTHER, true],
      ],
    );
    assert.equal(exported?.folder, join(folder, 'log'));
    assert.deepEqual(site(), {
      'index.html': page,
      'trust.json': trust,
      'own.txt': 'own',
      [`bundles/${sha256(one)}.json`]: one,
      [`bundles/${sha256(other)}.json`]: other,
      'log/head.json': 'head 1',
      'log/epochs/000000000.txt': 'epoch 0',
      'log/epochs/000000001.txt': 'epoch 1',
    });
  });

  it('only if all of them can be read', async () => {
    await assert.rejects(publish({ bundles: [one, `${other} `] }), RegistryError);
    await assert.rejects(publish({ bundles: [one], trust: '{}' }), /The trust file cannot be offered: /);
    assert.equal(site(), undefined);
  });

  it('not in place of what somebody else has there', async () => {
    mkdirSync(join(folder, 'bundles'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<h1>My company</h1>');
    await assert.rejects(
      publish({ bundles: [one] }),
      /index\.html is not a page of this program.*: name another folder/,
    );
    writeFileSync(join(folder, 'index.html'), page);
    writeFileSync(join(folder, 'bundles', `${sha256(one)}.json`), other);
    await assert.rejects(publish({ bundles: [one] }), /is not what its name says: remove it and publish again/);
    assert.equal(readFileSync(join(folder, 'bundles', `${sha256(one)}.json`), 'utf8'), other);
  });

  const leftAsItIs = async (more: Partial<Publication>, why: RegExp) => {
    const before = site();
    await assert.rejects(
      publish(more),
      (error) => error instanceof ApplicationError && error.code === 'INPUT_INVALID' && why.test(error.message),
    );
    assert.deepEqual(site(), before);
  };

  it('not in place of a trust file that is not of the site, and without offering it', async () => {
    mkdirSync(folder, { recursive: true });
    const own = join(folder, 'trust.json');
    writeFileSync(own, '{"hello":1}');
    await leftAsItIs(
      { bundles: [one], trust },
      /trust\.json was not published by this program, and it would be replaced/,
    );
    await leftAsItIs({ bundles: [one] }, /trust\.json was not published by this program, and the page would offer it/);
    const others = trust.trimEnd();
    writeFileSync(own, others);
    await leftAsItIs({ bundles: [one], trust }, /trust\.json was not published by this program/);
    // The very file that is offered may be there already; later, that of the site is replaced.
    await publish({ bundles: [one], trust: others });
    await publish({ bundles: [one], trust });
    assert.equal(readFileSync(own, 'utf8'), trust);
    writeFileSync(own, '{"hello":1}');
    await leftAsItIs({ bundles: [other], trust }, /trust\.json is not a trust file of this site/);
  });

  it('not in place of something else than the bundle of the same device', async () => {
    await publish({ bundles: [one], isLatest: true });
    await publish({ bundles: [one], isLatest: true });
    const latest = readdirSync(join(folder, 'latest'));
    writeFileSync(join(folder, 'latest', latest[0]!), other);
    await leftAsItIs(
      { bundles: [one], isLatest: true },
      /is not a bundle about oem-b\/sensor-b, and would be replaced/,
    );
  });

  for (const link of [
    'index.html',
    'trust.json',
    'bundles',
    'bundles/FILE',
    'latest',
    'log',
    'log/epochs',
    'log/head.json',
  ]) {
    it(`never along a symbolic link: ${link}`, async () => {
      await publish({ bundles: [other], trust, log: log(0), isLatest: true });
      const place = join(folder, link.replace('FILE', `${sha256(one)}.json`));
      const away = join(temporaryFolder(), 'away');
      if (existsSync(place)) renameSync(place, away);
      else writeFileSync(away, one);
      symlinkSync(away, place);
      await leftAsItIs(
        { bundles: [one], trust, log: log(1), isLatest: true },
        /is a symbolic link, and a site is written only in its own folder: remove the link/,
      );
    });
  }

  it('into a folder that is named by a link', async () => {
    const real = join(temporaryFolder(), 'real');
    mkdirSync(real);
    mkdirSync(dirname(folder), { recursive: true });
    symlinkSync(real, folder);
    await publish({ bundles: [one] });
    assert.deepEqual(readdirSync(real).sort(), ['bundles', 'index.html']);
  });

  it('whole or not at all, wherever it fails', async () => {
    const fails = () => Promise.reject(new Error('no network'));
    await assert.rejects(publish({ bundles: [one], log: fails }), /no network/);
    assert.equal(site(), undefined);
    await publish({ bundles: [one], trust, log: log(0) });
    const before = site();
    await assert.rejects(publish({ bundles: [other], log: fails }), /no network/);
    assert.deepEqual(site(), before);
    // A folder in place of the last file that is moved.
    const [older] = [page.replace('</h1>', ' (older)</h1>')];
    await publish({ page: older });
    mkdirSync(join(folder, 'log', 'epochs', '000000002.txt', 'x'), { recursive: true });
    const untouched = site();
    await assert.rejects(
      publish({ bundles: [other], log: blockedLog }),
      (error) => error instanceof ApplicationError && error.code === 'FILE_UNWRITABLE',
    );
    assert.deepEqual(site(), untouched);
    assert.deepEqual(readdirSync(folder).sort(), ['bundles', 'index.html', 'log', 'trust.json']);
  });

  /** A file that cannot be moved, after others that can. */
  const blockedLog = async (_: string, into: string): Promise<Exported> => {
    mkdirSync(join(into, 'epochs'), { recursive: true });
    for (const epoch of [1, 2]) writeFileSync(join(into, 'epochs', `00000000${epoch}.txt`), `epoch ${epoch}`);
    return Promise.resolve({ folder: '', channel: 'c', epoch: 2, digest: '', written: 2, transactions: 0 });
  };
});
