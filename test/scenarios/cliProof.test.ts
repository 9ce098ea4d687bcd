import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Exported, Published } from '@tracecal/gateway-client/application';
import type { ProofReport } from '@tracecal/gateway-client/proof/verify';
import { builtPage } from '../support/builtPage.js';
import { CliUser, spawnTracecal, tracecal } from '../support/commandLine.js';
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
  let log: string;
  let full: string;
  let fullTrust: string;

  before(async () => {
    builtPage();
    folder = temporaryFolder();
    bundle = join(folder, 'sensor.bundle.json');
    trust = join(folder, 'trust.json');
    log = join(folder, 'log');
    full = join(folder, 'full.bundle.json');
    fullTrust = join(folder, 'full-trust.json');
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

  it('comes with a change log for everybody, which is continued when more is sealed', async () => {
    await user.succeed('heartbeat');
    const first = await user.succeed<Exported>('log', 'export', log);
    assert.deepEqual([first.epoch, first.written], [0, 1]);
    const again = await user.succeed<Exported>('log', 'export', log);
    assert.deepEqual([again.epoch, again.written, again.digest], [0, 0, first.digest]);
    const copy = join(folder, 'copy');
    await user.succeed('log', 'export', copy);
    assert.equal(readFileSync(join(copy, 'epochs/000000000.txt'), 'utf8').split(' ')[0], 'tracecal-log/1');
    const compare = (...args: readonly string[]) => tracecal(['log', 'compare', ...args, '--trust', trust]);
    assert.match((await compare(log, copy)).stdout, /the same up to epoch 0/);
    const file = join(copy, 'epochs/000000000.txt');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n.*\n/, '\n'));
    const { code, stdout } = await compare(log, copy);
    assert.equal(code, 1);
    assert.match(stdout, /differ in epoch 0: keep both/);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /log: digest [0-9a-f]{64}, signed by nmi-east, nmi-north, nmi-south/);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /copy: digest [0-9a-f]{64}, signed by nobody whom you trust/);
  });

  it('is published as a web site, with the change log and the page that checks it', async () => {
    const site = join(folder, 'public');
    const url = ['--url', 'https://proofs.example/'];
    const publish = (...args: readonly string[]) =>
      user.succeed<Published & { bundles: { link: string }[] }>('proof', 'publish', site, ...args, ...url);
    const first = await publish(sensor, '--log');
    const [made] = first.bundles;
    assert.ok(made);
    assert.equal(made.link, `https://proofs.example/#${made.bundle}`);
    assert.deepEqual([made.device, first.log?.epoch, first.log?.written], [sensor, 0, 1]);
    const second = await publish('--bundle', bundle, '--log');
    assert.deepEqual([second.log?.epoch, second.log?.written], [0, 0]);
    for (const { file } of [made, second.bundles[0]!]) {
      const { code, stdout } = await verify(join(site, file), '--log', join(site, 'log'), '--require', 'fresh');
      assert.equal(code, 0, stdout);
    }
    assert.match(readFileSync(join(site, 'index.html'), 'utf8'), /^<!doctype html>/);
  });

  it('holds what peers endorse and what orderers sign, if that is wanted', async () => {
    const exported = await tracecal(['trust', 'export', '--from-network', '--valid-for', '30', '--data', user.data]);
    writeFileSync(fullTrust, exported.stdout);
    const updated = await user.succeed<{ from: number; to: number }>('trust', 'update', '--trust', fullTrust);
    assert.equal(updated.from, updated.to);
    const tiers = ['--tiers', 'chain,endorsed,recorded', '--nonce', 'insurer-7', '-o', full];
    const made = await user.succeed<{ endorsedBy: string[]; recorded: { block: number } }>(
      'proof',
      'create',
      sensor,
      ...tiers,
    );
    assert.deepEqual(made.endorsedBy, ['NmiEastMSP', 'NmiNorthMSP', 'NmiSouthMSP']);
    assert.ok(made.recorded.block > 0);
    const without = await user.run('proof', 'create', sensor, '--nonce', 'insurer-7', '-o', join(folder, 'third'));
    assert.equal(without.code, 2);
    assert.match(without.stderr, /--nonce is for the tier endorsed/);
  });

  it('is answered to an outsider without an account, by the service of a member, until that is told to stop', async () => {
    const service = spawnTracecal([
      'proof',
      'serve',
      '--data',
      user.data,
      '--listen',
      '127.0.0.1:0',
      '--rate-each',
      '2',
      '--json',
    ]);
    try {
      let told = '';
      for await (const chunk of service.stdout) {
        told += String(chunk);
        if (told.trimEnd().endsWith('}')) break;
      }
      const { url } = JSON.parse(told) as { url: string };
      const kept = join(folder, 'answered.bundle.json');
      const nowhere = ['--data', join(folder, 'nothing'), '--timeout', '60s'];
      const ask = (...args: readonly string[]) => tracecal(['proof', 'ask', url, sensor, ...nowhere, ...args]);
      const { code, stdout, stderr } = await ask('--trust', fullTrust, '--output', kept, '--json');
      const { tiers, nonce } = JSON.parse(stdout) as ProofReport & { nonce: string };
      assert.equal(code, 0, stderr);
      assert.deepEqual([tiers.chain.holds, tiers.endorsed.holds], [true, true]);
      const strict = join(folder, 'strict-trust.json');
      const whole = JSON.parse(readFileSync(fullTrust, 'utf8')) as { endorsers: object };
      writeFileSync(strict, JSON.stringify({ ...whole, endorsers: { ...whole.endorsers, k: 2 } }));
      const again = await ask('--trust', strict);
      assert.equal(again.code, 8, again.stderr);
      assert.match(
        again.stdout.replaceAll(/\s+/g, ' '),
        /endorsed: you ask for peers of 2, and 1 counts .* one machine/,
      );
      const verified = await tracecal([
        'proof',
        'verify',
        kept,
        '--trust',
        fullTrust,
        '--nonce',
        nonce,
        '--require',
        'endorsed',
      ]);
      assert.equal(verified.code, 0, verified.stderr);
      const often = await ask('--trust', fullTrust);
      assert.equal(often.code, 3);
      assert.match(often.stderr, /status 429, and says: .*ask again in \d+ s/);
    } finally {
      service.kill('SIGTERM');
    }
    const [exit] = service.exitCode === null ? ((await once(service, 'exit')) as [number]) : [service.exitCode];
    assert.equal(exit, 0);
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

  it('is fresh by the change log, as long as its heartbeats are young enough', async () => {
    const seen = join(folder, 'seen.json');
    const fresh = ['--log', log, '--seen', seen, '--require', 'chain', 'fresh'];
    const { code, stdout } = await verify(bundle, ...fresh);
    assert.equal(code, 0, stdout);
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /✓ fresh: the log covers epochs up to 0, .* nothing that this verdict rests on is named after/,
    );
    assert.equal((await verify(bundle, ...fresh, '--no-clock')).code, 0, 'not older than the newest seen');
    await pause(2000);
    const late = await verify(bundle, ...fresh, '--max-age', '1s');
    assert.equal(late.code, 8);
    assert.match(late.stdout.replaceAll(/\s+/g, ' '), /to have signed the log since .*; 0 did/);
    writeFileSync(seen, readFileSync(seen, 'utf8').replace('"epoch":0', '"epoch":1'));
    const old = await verify(bundle, ...fresh);
    assert.equal(old.code, 2);
    assert.match(old.stderr.replaceAll(/\s+/g, ' '), /one up to epoch 1, .* was seen before: fetch the newest one/);
    for (const wrong of [['--max-age', '1h'], ['--no-clock'], ['--log', log, '--no-clock']]) {
      assert.equal((await verify(bundle, ...wrong)).code, 2, wrong.join(' '));
    }
    assert.equal((await verify(bundle, '--log', join(folder, 'nothing'))).code, 2);
  });

  it('shows all tiers that it was made with, to whoever trusts the members and the channel', async () => {
    const all = ['--trust', fullTrust, '--require', 'chain', 'endorsed', 'recorded'];
    const { code, stdout } = await verify(full, '--nonce', 'insurer-7', ...all);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /✓ endorsed: one machine, an embedded network that signs as NmiEastMSP/);
    assert.match(stdout, /✓ recorded: it stood, alone, in block/);
    assert.equal((await verify(full, '--nonce', 'mine', ...all)).code, 8);
    assert.match((await verify(full)).stdout, /- endorsed: your trust file does not say whose peers you believe/);
  });

  it('is trusted by a file that has a fingerprint, and is valid for a time', async () => {
    const show = async (...args: readonly string[]) =>
      (await tracecal(['trust', 'show', '--trust', fullTrust, '--data', join(folder, 'nothing'), ...args])).stdout;
    const { fingerprint } = JSON.parse(await show('--json')) as { fingerprint: string };
    assert.match(fingerprint, /^(?:[0-9A-HJKMNP-TV-Z]{5} ){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    assert.ok((await show()).includes(fingerprint));
    const over = join(folder, 'over.json');
    const trusted = JSON.parse(readFileSync(fullTrust, 'utf8')) as object;
    const validity = { from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' };
    writeFileSync(over, JSON.stringify({ ...trusted, validity }));
    const { code, stderr } = await verify(full, '--trust', over);
    assert.equal(code, 2);
    assert.match(stderr, /may be used from 2020-01-01T00:00:00Z until 2021-01-01T00:00:00Z/);
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
