import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moved } from '../support/caseFiles.js';
import { CliUser, tracecal } from '../support/commandLine.js';
import type { DatedExamples } from '../support/commandLine.js';
import { exampleFiles } from '../support/situations/examples.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

interface Found {
  readonly id: string;
  readonly reports?: readonly string[];
}

interface Due {
  readonly counts: Readonly<Record<string, number>>;
  readonly devices: readonly { readonly device: string; readonly report: string; readonly state: string }[];
}

/** What a quality manager looks up. Each scenario goes on where the one before it left off. */
describe('Reports and devices that are looked up', function () {
  this.timeout(120_000);
  let user: CliUser;
  let examples: DatedExamples;
  let files: string;
  let laboratory: string;
  let sensor: string;

  before(async () => {
    files = temporaryFolder();
    user = new CliUser(join(temporaryFolder(), 'data'));
    examples = await startTemperatureConsortium(user);
    const [institute, second, third] = examples.temperature;
    const take = async (file: string, ...more: readonly string[]) => {
      const [imported] = await user.succeed<{ report: string; device: string }[]>('dcc', 'import', file, ...more);
      assert.ok(imported);
      return imported;
    };
    await take(institute, '--technician', 't-north', '--kind', 'standard');
    const lab = await take(second, '--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard');
    ({ device: sensor, report: laboratory } = await take(third, '--technician', 't-alpha', '--owner', 'oem-a'));
    assert.notEqual(lab.device, sensor);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('do not exist where nobody has registered them, which is no verdict', async () => {
    for (const device of ['NOPE', 'oem-a/NOPE']) {
      const { code, document } = await user.run('trace', device);
      assert.equal(code, 6);
      const { error } = document as { error: { code: string; message: string } };
      assert.equal(error.code, 'NOT_REGISTERED');
      assert.match(error.message, /^Nobody has registered device .*NOPE".*tracecal find/);
    }
    for (const command of [
      ['report', 'show', 'NOPE'],
      ['history', 'NOPE'],
      ['revoke', 'device', 'NOPE', '--reason', 'fraud', '--yes'],
    ]) {
      assert.equal((await user.run(...command)).code, 6, command.join(' '));
    }
  });

  it('are imported as a folder: a device that another certificate in it depends on is a standard', async () => {
    const folder = join(files, 'folder');
    mkdirSync(folder);
    for (const [name, bytes] of moved(exampleFiles())) {
      if (/^(?:b0|b1)-/.test(name)) {
        writeFileSync(join(folder, name), bytes);
      }
    }
    const take = ['dcc', 'import', folder, '--technician', 't-north'];
    await user.succeed(...take);
    const kindOf = async (serial: string) =>
      (await user.succeed<{ kind: string }[]>('find', '--serial', serial)).map(({ kind }) => kind);
    assert.deepEqual([await kindOf('NAT-S0'), await kindOf('REF-S1')], [['standard'], ['field']]);

    const { code, stdout } = await tracecal([...take, '--data', user.data]);
    assert.equal(code, 0, 'what is registered is left as it is');
    assert.equal(stdout.match(/registered before, as report/g)?.length, 2);
    assert.match(
      stdout,
      /amend it: `tracecal report amend nmi-north\/MET-S-B1 NEW-ID --technician nmi-north\/t-north --dcc FILE --data \S+`, with --mapping/,
    );
  });

  it('are found by laboratory, certificate, model and kind', async () => {
    const ids = async (...search: readonly string[]) =>
      (await user.succeed<Found[]>('find', ...search)).map(({ id }) => id);
    assert.deepEqual(
      await user.succeed('find', '--laboratory', 'lab-alpha').then((found) => (found as Found[])[0]?.reports),
      [laboratory],
    );
    assert.deepEqual(await ids('--laboratory', 'lab-alpha'), [sensor]);
    assert.equal(
      await user.fail(6, 'find', '--laboratory', 'nobody'),
      'NOT_FOUND',
      'nothing would ever be found of it',
    );
    assert.equal(await user.fail(6, 'find', '--owner', 'nobody'), 'NOT_FOUND');
    assert.deepEqual(await ids('--certificate', laboratory.slice(laboratory.indexOf('/') + 1)), [sensor]);
    assert.ok((await ids('--kind', 'standard')).length >= 2);
    assert.deepEqual(await ids('--kind', 'standard', '--owner', 'oem-a'), []);
    assert.deepEqual(await ids('--owner', 'oem-a', '--quantity', 'temperature'), [sensor]);
    assert.deepEqual(await ids('--owner', 'oem-a', '--quantity', 'mass'), []);
  });

  it('are due by the interval of their owner', async () => {
    const none = await user.succeed<Due>('due', '--owner', 'oem-a');
    assert.deepEqual([none.devices, none.counts['no-interval']], [[], 1]);
    await user.succeed('device', 'set-interval', sensor, '365');
    const later = await user.succeed<Due>('due', '--owner', 'oem-a', '--as-of', '2100-01-01');
    assert.deepEqual(
      later.devices.map(({ device, report, state }) => [device, report, state]),
      [[sensor, laboratory, 'overdue']],
    );
    const { code, stdout } = await tracecal(['due', '--as', 'oem-a', '--as-of', '2100-01-01', '--data', user.data], {
      environment: { COLUMNS: '160' },
    });
    assert.equal(code, 0, 'overdue or not');
    assert.equal(await user.fail(6, 'due', '--owner', 'oem-z'), 'NOT_FOUND', 'a misspelt owner is never free of dates');
    assert.match(stdout, /overdue +\S+ +temperature/);
    assert.match(stdout, /^oem-a, 2100-01-01: 1 overdue\.$/m);
  });

  it('are shown as people read a certificate, in the terminal and as a page', async () => {
    const { stdout } = await tracecal(['report', 'show', laboratory, '--data', user.data]);
    for (const words of [
      'Calibration report',
      'Standards used',
      'reference',
      'value (°C)',
      'accepted by     oem-a, ',
    ]) {
      assert.ok(stdout.includes(words), words);
    }
    const page = join(files, 'report.html');
    await user.succeed('report', 'show', laboratory, '--html', page);
    assert.match(readFileSync(page, 'utf8'), /<h1>Calibration report /);
    assert.equal(await user.fail(2, 'report', 'show', laboratory, '--html', page), 'FILE_UNWRITABLE');
  });

  it('come back as the file that was imported, byte for byte', async () => {
    const file = join(files, 'original.xml');
    await user.succeed('report', 'original', laboratory, '-o', file);
    assert.deepEqual(readFileSync(file), readFileSync(examples.temperature[2]));
    assert.equal(await user.fail(2, 'report', 'original', laboratory, '-o', file), 'FILE_UNWRITABLE');
  });

  it('are written as a certificate that reads back equal', async () => {
    const file = join(files, 'export.xml');
    const { differences } = await user.succeed<{ differences: string[] }>(
      'report',
      'export',
      laboratory,
      '--dcc',
      file,
    );
    assert.deepEqual(differences, []);
    assert.ok(existsSync(file));
    await user.succeed('dcc', 'inspect', file);
  });
});
