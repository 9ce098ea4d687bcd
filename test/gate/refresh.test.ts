import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { canonicalJson, parseJson } from '@tracecal/core/model';
import { publishProofs } from '@tracecal/gateway-client/application';
import { epochFile } from '@tracecal/gateway-client/proof/verify';
import { GateWorld, SENSOR } from '../support/gateWorld.js';
import type { GateRun } from '../support/gateWorld.js';
import { serve } from '../support/staticSite.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const PAGE = '<!doctype html>\n<meta name="generator" content="tracecal-proof-page/1" />\n';

describe('tracecal gate refresh', function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);
  let world: GateWorld;
  let folder: string;
  let site: Awaited<ReturnType<typeof serve>>;

  beforeEach(async () => {
    world = await GateWorld.of();
    folder = temporaryFolder();
    await world.bundle();
    await world.sealed();
    await published();
    site = await serve(folder);
  });
  afterEach(() => site.stop());

  /** As `proof publish --log --latest` writes it. */
  async function published(name = 'bundle.json'): Promise<void> {
    await publishProofs(folder, { bundles: [readFileSync(world.path(name), 'utf8')], page: PAGE, isLatest: true });
    cpSync(world.path('log'), join(folder, 'log'), { recursive: true });
  }

  function refresh(...more: readonly string[]): Promise<GateRun> {
    const from = more.includes('--from') ? [] : ['--from', site.url];
    return world.served(['refresh', ...world.words('--jitter', '0', '--json', ...more), ...from]);
  }

  function held(): readonly string[] {
    return ['bundle.json', 'log/head.json'].map((name) => readFileSync(world.path(name), 'utf8'));
  }

  it('fetches a newer log and bundle, says what it leaks, and the gate opens', async () => {
    await world.revoke();
    await world.sealed('new');
    rmSync(join(folder, 'log'), { recursive: true });
    cpSync(world.path('new'), join(folder, 'log'), { recursive: true });
    const before = world.run(world.words());
    assert.equal(before.code, 0, before.stderr);
    const run = await refresh();
    assert.equal(run.code, 0, run.stderr);
    const { epochs, bundles, leaks } = JSON.parse(run.stdout) as { epochs: number; bundles: number; leaks: string[] };
    assert.deepEqual([epochs, bundles], [1, 0]);
    assert.match(leaks.join(' '), /address of this machine.*which devices.*lacked epoch/);
    assert.equal(world.run(world.words()).code, 100, 'what was revoked is not kept away');
    await world.bundle(SENSOR, 'newer.json');
    await publishProofs(folder, {
      bundles: [readFileSync(world.path('newer.json'), 'utf8')],
      page: PAGE,
      isLatest: true,
    });
    const again = await refresh();
    assert.equal((JSON.parse(again.stdout) as { bundles: number }).bundles, 1, again.stderr);
    assert.equal(world.run(world.words()).code, 103);
  });

  it('fills an empty machine, and learns nothing about devices with --log-only', async () => {
    rmSync(world.path('log'), { recursive: true });
    rmSync(world.path('bundle.json'));
    const run = await refresh();
    assert.equal(run.code, 0, run.stderr);
    assert.equal(world.run(world.words()).code, 0);
    const only = await refresh('--log-only');
    assert.doesNotMatch(only.stdout, /which devices/);
  });

  it('keeps everything if anything fails: a forged file, a missing one, an older log, too much, no answer', async () => {
    await world.sealed('new');
    const epochs = join(world.path('new'), 'epochs');
    cpSync(world.path('new'), join(folder, 'log'), { recursive: true });
    const before = held();
    const newest = join(folder, 'log', 'epochs', newestOf(epochs));
    const good = readFileSync(newest, 'utf8');
    const attempts: readonly (readonly [string, () => void])[] = [
      ['forged', () => writeFileSync(newest, good.replace(/[0-9a-f]{64}/, '0'.repeat(64)))],
      ['missing', () => rmSync(newest)],
      ['no head', () => writeFileSync(join(folder, 'log', 'head.json'), '{}')],
      ['too large', () => writeFileSync(join(folder, 'log', 'head.json'), Buffer.alloc(9_000_000, 0x20))],
    ];
    for (const [what, damage] of attempts) {
      damage();
      const run = await refresh();
      assert.equal(run.code, 109, `${what}: ${run.stderr}`);
      assert.deepEqual(held(), before, what);
    }
    const none = await refresh('--from', 'http://127.0.0.1:9/', '--from', 'ftp://nowhere/');
    assert.equal(none.code, 109);
    assert.deepEqual(held(), before);
    assert.equal(world.run(world.words()).code, 0);
  });

  it('asks the next site if one fails, and gives up after its time', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    try {
      const late = await refresh('--timeout', '1s', '--from', address);
      assert.equal(late.code, 109);
      assert.match(late.stderr, /did not answer in 1 s/);
      const run = await refresh('--from', 'http://127.0.0.1:9/', site.url);
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout, /"failed": \[\s+"http:\/\/127/);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('gives a slow site its part of the time only, and asks the next one', async () => {
    const slow = createServer((_, response) => {
      response.writeHead(200).write('{');
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    try {
      const address = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`;
      const run = await refresh('--timeout', '10s', '--from', address, site.url);
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout, /"failed": \[\s+"http:\/\/127[^"]* did not answer in (?:4\.\d+|5) s: try again/);
    } finally {
      slow.closeAllConnections();
      slow.close();
    }
  });

  it('writes no epoch that nobody has signed, and fetches its own files again where they do not lead to what was signed', async () => {
    const evil = temporaryFolder();
    cpSync(folder, evil, { recursive: true });
    const path = join(evil, 'log', 'head.json');
    const head = parseJson(readFileSync(path, 'utf8')) as { readonly epoch: { readonly number: number } };
    const { number } = head.epoch;
    writeFileSync(path, canonicalJson({ ...head, epoch: { ...head.epoch, number: number + 1 } }));
    writeFileSync(join(evil, 'log', epochFile(number)), 'rubbish');
    const bad = await serve(evil);
    try {
      await refresh('--from', bad.url);
    } finally {
      await bad.stop();
    }
    assert.ok(!existsSync(world.path(join('log', epochFile(number)))));

    await world.sealed('new');
    cpSync(world.path('new'), join(folder, 'log'), { recursive: true });
    const last = epochFile(number - 1);
    const good = readFileSync(join(folder, 'log', last), 'utf8');
    for (const damaged of ['rubbish', good.replace(/[0-9a-f]{64}/, '0'.repeat(64)), good.slice(0, -70)]) {
      writeFileSync(world.path(join('log', last)), damaged);
      const run = await refresh();
      assert.equal(run.code, 0, run.stderr);
      assert.equal(readFileSync(world.path(join('log', last)), 'utf8'), good);
    }
    assert.equal(world.run(world.words()).code, 0);
  });

  it('says what the sites have learned, also where all of them failed', async () => {
    const asked = createServer((request, response) => {
      const isHead = request.url === '/log/head.json';
      response.writeHead(isHead ? 200 : 500).end(isHead ? readFileSync(world.path('log/head.json')) : '');
    }).listen(0, '127.0.0.1');
    await once(asked, 'listening');
    try {
      const run = await refresh('--from', `http://127.0.0.1:${(asked.address() as AddressInfo).port}/`);
      assert.equal(run.code, 109);
      assert.match(run.stderr, /refreshed=no .*learns the address.*learns which devices.* why=".*status 500/);
      assert.doesNotMatch(run.stderr, /outcome=|client and chaincode/, 'it is no decision, and the site is no gateway');
    } finally {
      asked.close();
    }
  });

  it('fetches a set whole or not at all, and from the next site what one lacks', async () => {
    const other = 'oem-b/sensor-b';
    const set = (...devices: readonly object[]) =>
      world.file('set.json', JSON.stringify({ type: 'tracecal-gate-set/1', devices }));
    const own = { device: SENSOR, bundle: 'bundle.json' };
    set(own, { device: other, bundle: 'other.json' }, { device: 'oem-a/working-a', bundle: 'other.json' });
    await world.sealed('new');
    cpSync(world.path('new'), join(folder, 'log'), { recursive: true });
    const words = ['refresh', '--set', world.path('set.json'), ...world.words('--jitter', '0').slice(1)].filter(
      (word) => word !== '--bundle' && word !== world.path('bundle.json'),
    );
    const before = held();
    const half = await world.served([...words, '--from', site.url]);
    assert.equal(half.code, 109, half.stderr);
    assert.match(half.stderr, /refreshed=no .*has no bundle of oem-b\/sensor-b, nor of 1 more: .*--log-only/);
    assert.deepEqual(held(), before);

    set(own, { device: other, bundle: 'other.json' });
    await world.bundle(other, 'theirs.json');
    const theirs = temporaryFolder();
    const bundles = [readFileSync(world.path('theirs.json'), 'utf8')];
    await publishProofs(theirs, { bundles, page: PAGE, isLatest: true });
    const second = await serve(theirs);
    try {
      const whole = await world.served([...words, '--from', site.url, second.url]);
      assert.equal(whole.code, 0, whole.stderr);
      assert.match(whole.stderr, /refreshed=yes .*bundles=1 gate-would=open .*asked for the bundles of 1\./);
      assert.ok(existsSync(world.path('other.json')));
    } finally {
      await second.stop();
    }
  });

  it('does not let an older log replace the one that the gate has seen', async () => {
    await world.sealed();
    assert.equal(world.run(world.words()).code, 0);
    const before = held();
    const run = await refresh();
    assert.equal(run.code, 109, run.stderr);
    assert.match(run.stderr, /was seen before/);
    assert.deepEqual(held(), before);
    assert.ok(existsSync(world.path('log.seen.json')));
  });
});

function newestOf(epochs: string): string {
  return readdirSync(epochs).sort().at(-1) ?? '';
}
