import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnchoredBatch, Filtered } from '@tracecal/gateway-client/application';
import type { Affected, MeasurementReport } from '@tracecal/gateway-client/device';
import { CliUser, PROGRAM, spawnTracecal, tracecal } from '../support/commandLine.js';
import { eventually } from '../support/eventually.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

const READING = { quantity: 'temperature', unit: '\\degreecelsius' };

/** A sensor measures, its operator anchors the values, and an insurer checks one; then a standard above turns out to be wrong. */
describe('tracecal measurement', function () {
  this.timeout(240_000);
  let user: CliUser;
  let sensor: string;
  let standardsReport: string;
  let folder: string;
  let bundle: string;
  let trust: string;
  let log: string;
  let proof: string;

  const place = (name: string) => join(folder, name);
  const lines = () =>
    readdirSync(log)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => readFileSync(join(log, name), 'utf8'))
      .join('');
  const outsider = (...args: readonly string[]) =>
    tracecal([...args, '--trust', trust, '--data', place('nothing'), '--json']);

  before(async () => {
    folder = temporaryFolder();
    [bundle, trust, log, proof] = [place('sensor.bundle.json'), place('trust.json'), place('log'), place('proof.json')];
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature } = await startTemperatureConsortium(user);
    const [institute, second, third] = temperature;
    const take = async (...args: readonly string[]) =>
      (await user.succeed<{ device: string; report: string }[]>('dcc', 'import', ...args))[0]!;
    await take(institute, '--technician', 't-north', '--kind', 'standard');
    const standard = await take(...[second, '--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard']);
    ({ report: standardsReport } = standard);
    ({ device: sensor } = await take(third, '--technician', 't-alpha', '--owner', 'oem-a'));
    writeFileSync(trust, (await tracecal(['trust', 'export', '--data', user.data])).stdout);
    await user.succeed('proof', 'create', sensor, '-o', bundle);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('sign: appends what the device measures, one by one or a line each', async () => {
    const one = ['--quantity', 'temperature', '--unit', '\\degreecelsius', '--value', '20', '--uncertainty', '0.2'];
    const first = await user.succeed<{ newest: { sequence: number; uncertainty: { expanded: number } } }>(
      ...['measurement', 'sign', sensor, log, ...one],
    );
    assert.deepEqual([first.newest.sequence, first.newest.uncertainty.expanded], [0, 0.2]);
    const many = Array.from({ length: 9 }, (_, place) => JSON.stringify({ ...READING, value: 20 + place / 100 }));
    const { code, document, stderr } = await user.piped(
      `${many.join('\n')}\n`,
      ...['measurement', 'sign', sensor, log, '--readings', '-', '--verdict', bundle, '--trust', trust],
    );
    assert.equal(code, 0, stderr);
    const { signed, newest } = document as { signed: number; newest: { verdict: { status: string } } };
    assert.deepEqual([signed, newest.verdict.status], [9, 'TRACEABLE']);
  });

  it('sign --correct: says the value after the errors in the calibration report, and which report that is', async () => {
    const one = ['--quantity', 'temperature', '--unit', '\\degreecelsius', '--value', '20'];
    const { newest } = await user.succeed<{
      newest: { value: number; corrected: { report: string }; uncertainty: { expanded: number } };
    }>('measurement', 'sign', sensor, place('corrected'), ...one, '--correct', bundle, '--trust', trust);
    assert.match(newest.corrected.report, /^lab-alpha\//);
    assert.ok(newest.uncertainty.expanded > 0);
    assert.notEqual(newest.value, 20);
  });

  it('sign: refuses what is no reading, and keeps what came before it', async () => {
    const other = place('other');
    const input = `${JSON.stringify({ ...READING, value: 1 })}\n{"value":"warm"}\n`;
    const { code, stderr } = await user.piped(input, 'measurement', 'sign', sensor, other, '--readings', '-');
    assert.equal(code, 2);
    assert.match(stderr, /Reading 2 is not signed/);
    assert.equal(await user.fail(2, 'measurement', 'sign', 'nobody/there', other, '--readings', '-'), 'KEYS_MISSING');
    const next = ['measurement', 'sign', sensor, other, '--quantity', 'temperature', '--unit', '\\degreecelsius'];
    const { newest } = await user.succeed<{ newest: { sequence: number } }>(...next, '--value', '2');
    assert.equal(newest.sequence, 1);
  });

  it('anchor: puts all that is not anchored yet under one root, once', async () => {
    interface Anchored {
      readonly channel: string;
      readonly batches: readonly AnchoredBatch[];
    }
    const { channel, batches } = await user.succeed<Anchored>('measurement', 'anchor', log, '--site', 'a');
    assert.equal(channel, 'measurement-a');
    assert.deepEqual(
      batches.map(({ first, last, size, txIds }) => [first, last, size, txIds.length]),
      [[0, 9, 10, 1]],
    );
    assert.deepEqual((await user.succeed<Anchored>('measurement', 'anchor', log, '--site', 'a')).batches, []);
    const one = ['--quantity', 'temperature', '--unit', '\\degreecelsius', '--value', '21'];
    await user.succeed('measurement', 'sign', sensor, log, ...one);
    const next = await user.succeed<Anchored>('measurement', 'anchor', log, '--site', 'a');
    assert.deepEqual(
      next.batches.map(({ first, last }) => [first, last]),
      [[10, 10]],
    );
  });

  it('prove, verify and anchored: one value leads offline to the institutes, and its root to the ledger', async () => {
    await user.succeed('measurement', 'prove', log, '--number', '4', '--bundle', bundle, '-o', proof);
    const { code, stdout, stderr } = await outsider('measurement', 'verify', proof);
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as MeasurementReport;
    assert.deepEqual([report.measurement.sequence, report.verdict.status], [4, 'TRACEABLE']);
    assert.match(report.notChecked.join(), /whether a ledger holds the root/);
    const anchored = await user.succeed<{ root: string; anchors: { by: string }[] }>(
      ...['measurement', 'anchored', proof, '--site', 'a'],
    );
    assert.deepEqual([anchored.root, anchored.anchors[0]?.by], [report.root, 'OemAMSP']);
    assert.equal(
      await user.fail(
        6,
        ...['measurement', 'prove', log, '--number', '99', '--bundle', bundle, '-o', place('none.json')],
      ),
      'NOT_REGISTERED',
    );
    const text = await tracecal(['measurement', 'verify', proof, '--trust', trust]);
    assert.match(text.stdout, /has signed: temperature 20\.03 °C[^]*number 4[^]*Not checked:/);
  });

  it('filter: passes what verifies and goes on after a restart with what stands in its output', async () => {
    const output = place('passed.jsonl');
    const input = place('input.jsonl');
    const filter = ['measurement', 'filter', '--bundle', bundle, '--input', input, '--output', output];
    const [first = '', ...rest] = lines().trim().split('\n');
    writeFileSync(input, [first, 'nonsense', rest[0], ''].join('\n'));
    const once = await outsider(...filter, '--report', place('drops.jsonl'));
    assert.equal(once.code, 1, once.stderr);
    assert.match(once.stderr, /Line 2 is dropped: .*\[malformed\]/);
    assert.match(readFileSync(place('drops.jsonl'), 'utf8'), /"reason":"malformed"/);
    // A power failure in the middle of a line.
    writeFileSync(output, readFileSync(output, 'utf8').slice(0, -20));
    writeFileSync(input, lines());
    const again = JSON.parse((await outsider(...filter)).stdout) as Filtered;
    assert.deepEqual([again.read, again.before, again.passed, again.dropped], [11, 1, 10, {}]);
    assert.equal(readFileSync(output, 'utf8'), lines());
  });

  it('filter: takes from a pipe and gives to one', () => {
    writeFileSync(place('all.jsonl'), lines());
    const command = `cat ${place('all.jsonl')} | ${process.execPath} ${PROGRAM} measurement filter --bundle ${bundle} --trust ${trust} | head -n 3`;
    const stdout = execFileSync('sh', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    assert.equal(stdout, `${lines().split('\n').slice(0, 3).join('\n')}\n`);
  });

  it('record --every: keeps verdicts on record as a service, until it is told to stop', async () => {
    const record = ['measurement', 'record', sensor, '--site', 'a', '--data', user.data];
    const service = spawnTracecal([...record, '--every', '1s']);
    let said = '';
    service.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => service.once('exit', resolve));
    await eventually(() => {
      assert.ok(said.split('Recorded in measurement-a: 1 TRACEABLE').length > 2, said);
    });
    service.kill('SIGTERM');
    assert.equal(await ended, 0);
    const { code, stderr } = await tracecal([...record, '--times', '2']);
    assert.equal(code, 2);
    assert.match(stderr, /--times is for --every/);
  });

  it('affected: values lose their support when a standard above is found out later, and filter and verify say so', async () => {
    const affected = (file: string) => outsider('measurement', 'affected', log, '--bundle', file);
    const before = await affected(bundle);
    assert.equal(before.code, 0, before.stderr);
    await user.succeed(
      ...['revoke', 'report', standardsReport, '--reason', 'calibration-error', '--as', 'nmi-north', '--yes'],
    );
    const later = place('later.bundle.json');
    await user.succeed('proof', 'create', sensor, '-o', later);
    const { code, stdout } = await affected(later);
    assert.equal(code, 1);
    const [found] = JSON.parse(stdout) as readonly Affected[];
    assert.deepEqual([found?.supported, found?.unsupported, found?.batches.length], [0, 11, 2]);
    assert.equal(found?.ranges[0]?.status, 'FAILED');
    const asked = await user.answers<readonly Affected[]>(1, 'measurement', 'affected', log, '--trust', trust);
    assert.equal(asked[0]?.unsupported, 11);

    const proved = place('later.proof.json');
    await user.succeed('measurement', 'prove', log, '--number', '4', '--bundle', later, '-o', proved);
    assert.equal((await outsider('measurement', 'verify', proved)).code, 1);
    const filter = ['measurement', 'filter', '--bundle', later, '--input', place('all.jsonl')];
    const filtered = await outsider(...filter, '--output', place('nothing.jsonl'));
    assert.deepEqual((JSON.parse(filtered.stdout) as Filtered).dropped, { 'not-traceable': 11 });
  });

  it('record --every: outlasts a network that is away', async () => {
    await user.run('down');
    const record = ['measurement', 'record', sensor, '--site', 'a', '--every', '1s', '--times', '2'];
    const { code, stderr } = await tracecal([...record, '--data', user.data, '--timeout', '2s']);
    assert.equal(code, 0);
    assert.equal(stderr.split('tracecal: ').length, 3, stderr);
  });
});
