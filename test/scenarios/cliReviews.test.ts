import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/core/trace';
import { CliUser, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

interface ToReview {
  readonly toReview: readonly { readonly report: string; readonly by: string }[];
}

/** A laboratory whose standard was found out of its limits. Each scenario goes on where the one before it left off. */
describe('A standard found out of its limits', function () {
  this.timeout(120_000);
  const today = new Date().toISOString().slice(0, 10);
  let user: CliUser;
  let sensor: string;
  let calibration: string;
  let standard: string;

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature } = await startTemperatureConsortium(user);
    const [institute, second, third] = temperature;
    const take = async (...args: readonly string[]) => {
      const [imported] = await user.succeed<{ report: string; device: string }[]>('dcc', 'import', ...args);
      assert.ok(imported);
      return imported;
    };
    await take(institute, '--technician', 't-north', '--kind', 'standard');
    ({ device: standard } = await take(
      second,
      '--technician',
      't-north',
      '--imprinter',
      't-alpha',
      '--kind',
      'standard',
    ));
    ({ device: sensor, report: calibration } = await take(third, '--technician', 't-alpha', '--owner', 'oem-a'));
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  const notes = async () =>
    (await user.succeed<Verdict>('trace', sensor)).edges
      .flatMap(({ findings }) => findings)
      .filter(({ check }) => check === 'as-found')
      .map(({ reason }) => reason);
  const told = async (...args: readonly string[]) =>
    (await tracecal([...args, '--data', user.data], { environment: { COLUMNS: '400' } })).stdout;

  it('calls in question what was made with it, and nothing else', async () => {
    const file = join(temporaryFolder(), 'found.json');
    const rows = (error: number) =>
      [0, 50, 100].map((value) => ({
        value,
        error,
        uncertainty: { expanded: 0.004, coverageFactor: 2, coverageProbability: 0.95 },
      }));
    const temperature = { quantity: 'temperature', unit: '\\degreecelsius' };
    const limits = { kind: 'tolerance', lower: [-0.05, -0.05, -0.05], upper: [0.05, 0.05, 0.05] };
    const results = [
      { name: 'As found', asFound: true, ...temperature, rows: rows(0.2), conformity: { of: 'error', limits } },
      { name: 'As left', ...temperature, rows: rows(0.001) },
    ];
    writeFileSync(file, JSON.stringify(results));
    const content = ['--results', file, '--parent', 'EXAMPLE-NMIN-T-2026-001', '--begin', today, '--adjusted'];
    await user.succeed('report', 'issue', 'found-1', '--device', standard, '--technician', 't-north', ...content);
    const { toReview } = await user.succeed<ToReview>('affected', 'found-1');
    assert.deepEqual(
      toReview.map(({ report, by }) => [report, by]),
      [[calibration, 'lab-alpha']],
    );
    assert.match((await notes()).join(), /lab-alpha has to review it/);
  });

  it('is reviewed by whose reports are in question, in one statement, and by nobody else', async () => {
    assert.equal(await user.fail(2, 'review', 'found-1', '--affected', '--as', 'oem-a'), 'INPUT_INVALID');
    const reviewed = await user.succeed<{ reports: readonly string[] }>(
      ...['review', 'found-1', '--affected', '--as', 'lab-alpha', '--reason', 'used below 50 °C only'],
    );
    assert.deepEqual(reviewed.reports, [calibration]);
    assert.match((await notes()).join(), /lab-alpha has reviewed it .*: "used below 50 °C only"/);
    const { toReview } = await user.succeed<ToReview>('affected', 'found-1');
    assert.deepEqual(toReview, []);
    assert.equal(await user.fail(2, 'review', 'found-1', '--affected', '--as', 'lab-alpha'), 'INPUT_INVALID');
  });

  it('shows in the history with what was found, accepted and said', async () => {
    const device = await told('history', standard);
    assert.match(
      device,
      /report accepted by lab-alpha \(report nmi-north\/found-1\); calibration until \S+: temperature; found out of its limits: temperature; adjusted or repaired$/m,
    );
    assert.match(
      await told('history', calibration),
      /reviewed because of it by lab-alpha \(.*\) \(used below 50 °C only\)$/m,
    );
  });

  it('was adjusted, and what older reports say of it counts no more', async () => {
    const verdict = await user.succeed<Verdict>('trace', standard, '--at', '20');
    assert.deepEqual([...new Set(verdict.results.map(({ report }) => report))], ['nmi-north/found-1']);
    const { findings } = await user.run('trace', standard).then(({ document }) => document as Verdict);
    assert.match(JSON.stringify(findings), /the device was adjusted or repaired since/);
  });
});
