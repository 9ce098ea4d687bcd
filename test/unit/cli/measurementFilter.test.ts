import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { canonicalJson, millisecondsOf } from '@tracecal/core/model';
import { momentOf } from '@tracecal/gateway-client/device';
import type { SignedMeasurement } from '@tracecal/gateway-client/device';
import { PROGRAM, tracecal } from '../../support/commandLine.js';
import { GateWorld } from '../../support/gateWorld.js';
import { temperatureScope, twoCountries } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';
import { loggedBundle } from '../../support/loggedBundle.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('tracecal measurement filter', () => {
  let folder: string;
  let lines: readonly string[];
  let args: readonly string[];

  before(async () => {
    folder = temporaryFolder();
    const made = await loggedBundle();
    const [bundle, trust] = [join(folder, 'bundle.json'), join(folder, 'trust.json')];
    writeFileSync(bundle, made.bundle);
    writeFileSync(trust, made.trust);
    const begin = Date.parse((JSON.parse(made.bundle) as { question: { asOf: string } }).question.asOf);
    const sensor = new Instrument(await twoCountries());
    const all: SignedMeasurement[] = [];
    for (let place = 0; place < 3; place += 1) {
      all.push(await sensor.measure(place, all.at(-1) ?? null, { time: momentOf(begin + place), value: 20 }));
    }
    lines = all.map(({ jws }) => `${canonicalJson(jws)}\n`);
    const files = ['--bundle', bundle, '--trust', trust, '--data', join(folder, 'data')];
    args = ['measurement', 'filter', ...files, '--no-clock'];
  });

  after(removeTemporaryFolders);

  it('ends by a signal while no line comes, and says what has passed until then', async () => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    try {
      const told = text(child.stderr);
      child.stdin.write(lines[0]);
      const [first] = (await once(child.stdout, 'data')) as [Buffer];
      assert.equal(String(first), lines[0]);
      child.kill('SIGTERM');
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      assert.deepEqual([code, signal], [0, null], await told);
      assert.match(await told, /1 line read, 1 passed, 0 dropped/);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('ends after a restart with the exit code that it would have had without one', async () => {
    const [source, output] = [join(folder, 'source.jsonl'), join(folder, 'passed.jsonl')];
    const run = async () => tracecal([...args, '--input', source, '--output', output, '--json']);
    writeFileSync(source, lines.slice(0, 2).join(''));
    assert.equal((await run()).code, 0);
    writeFileSync(source, lines.join(''));
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    const { read, passed, before } = JSON.parse(stdout) as { read: number; passed: number; before: number };
    assert.deepEqual([read, passed, before], [3, 1, 2]);
    assert.equal(readFileSync(output, 'utf8'), lines.join(''));
    // Only what comes twice by itself is a replay.
    writeFileSync(source, [...lines, ...lines.slice(0, 1)].join(''));
    assert.equal((await run()).code, 1);
  });

  it('judges the age of directives only where there are some, and a clock', async () => {
    for (const more of [
      ['--directives-age', '1h'],
      ['--directives', folder, '--operator', 'o', '--directives-age', '1h'],
    ]) {
      const { code, stdout } = await tracecal([...args, ...more, '--json', '--output', join(folder, 'age.jsonl')]);
      assert.equal(code, 2);
      assert.match(stdout, /age of directives/);
    }
  });

  it('says how values pass that are ATTESTED', async () => {
    const claim = { body: 'DAkkS', number: 'D-K-1' };
    const certificate = { number: 'A-1', laboratory: 'The lab-alpha', country: 'DE', issuer: 'lab-alpha' };
    const world = await GateWorld.of(async (own) => {
      own.accredit('lab-alpha', [temperatureScope()], { under: claim });
      await own.addDevice({ id: 'd', technician: 't-oem-a', kind: 'field' });
      own.addReport({ id: 'd-1', device: 'd', technician: 't-lab-alpha', stated: { certificate, accredited: claim } });
    });
    const bundle = await world.bundle('oem-a/d');
    const sensor = new Instrument(world.hierarchy, 'oem-a/d');
    const { jws } = await sensor.measure(0, null, { time: momentOf(millisecondsOf(world.ledger.now)), value: 20 });
    const line = canonicalJson(jws);
    const unsigned = line.replace('"signature":"', '"signature":"AAAA');
    const source = world.file('source.jsonl', `${line}\n`);
    const files = ['--bundle', bundle, '--trust', world.path('trust.json'), '--no-clock', '--input', source];
    const run = (...more: readonly string[]) => tracecal(['measurement', 'filter', ...files, ...more]);
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /1 value would have passed with --accept attested\./);
    assert.equal((await run('--accept', 'attested')).code, 0);
    // What nobody signed would not pass then, either.
    writeFileSync(source, `${line}\n${unsigned}\n${unsigned}\n`);
    assert.match((await run()).stderr, /1 value would have passed with --accept attested\./);
  });

  it('takes stdin for one thing, and stdout for nothing that it could go on with', async () => {
    const twice = await tracecal([...args, '--passed', '-', '--json', '--output', join(folder, 'other.jsonl')]);
    assert.match(twice.stdout + twice.stderr, /Stdin cannot be both/);
    const stdout = await tracecal([...args, '--output', '-', '--json']);
    assert.match(stdout.stdout + stdout.stderr, /stdout is not: leave the output out/);
    assert.equal(existsSync('-'), false);
  });
});
