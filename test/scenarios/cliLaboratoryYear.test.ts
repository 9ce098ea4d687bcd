import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/core/trace';
import { CliUser, tracecal } from '../support/commandLine.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const TODAY = new Date().toISOString().slice(0, 10);
const SENSOR = 'lab-guest/sensor';

interface Due {
  readonly devices: readonly {
    readonly device: string;
    readonly quantities: readonly string[];
    readonly report: string | null;
    readonly state: string;
  }[];
}

interface Affected {
  readonly reports: readonly {
    readonly id: string;
    readonly technician: string;
    readonly performed: { readonly end: string };
  }[];
}

/** A laboratory that runs no nodes and acts through the MSP of another one. Each scenario goes on where the one before it left off. */
describe('A laboratory that acts through the MSP of a member', function () {
  this.timeout(120_000);
  let user: CliUser;
  let results: string;

  const issue = (...more: readonly string[]) => ['--results', results, '--begin', TODAY, ...more];

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { scopes } = await startTemperatureConsortium(user);
    const described = ['--kind', 'LAB', '--name', 'Guest Laboratory', '--country', 'DE', '--msp', 'LabBetaMSP'];
    await user.succeed('org', 'add', 'lab-guest', ...described, '--certified-by', 'nmi-north', '--scopes', scopes);
    await user.succeed('technician', 'add', 't-guest', '--org', 'lab-guest', '--quantities', 'temperature');
    results = join(temporaryFolder(), 'results.json');
    const rows = [{ value: 20, uncertainty: { expanded: 0.5, coverageFactor: 2, coverageProbability: 0.95 } }];
    writeFileSync(results, JSON.stringify([{ name: 'T', quantity: 'temperature', unit: '\\degreecelsius', rows }]));
    await add('standard', 't-north', 'standard');
    await add('sensor', 't-guest', 'field');
    await user.succeed('report', 'issue', 'N-1', '--device', 'standard', '--technician', 't-north', ...issue());
    const own = ['--device', 'sensor', '--technician', 't-guest', '--parent', 'N-1'];
    await user.succeed('report', 'issue', 'G-1', ...own, ...issue());
  });

  /** Why a command is refused. */
  async function refusal(command: readonly string[]): Promise<string> {
    const { code, document } = await user.run(...command);
    assert.equal(code, 2);
    return (document as { error: { message: string } }).error.message;
  }

  async function add(id: string, technician: string, kind: string) {
    const described = ['--serial', id, '--model', 'M', '--manufacturer', 'Example', '--kind', kind];
    await user.succeed('device', 'add', id, '--technician', technician, ...described);
  }

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('is named with --as in questions and in statements that it signs, as a member is', async () => {
    await user.succeed('requirements', 'set', '--as', 'lab-guest', '--interval', '365');
    const { status } = await user.succeed<Verdict>('trace', SENSOR, '--as', 'lab-guest');
    assert.equal(status, 'TRACEABLE');
    assert.equal(await user.fail(2, 'trace', SENSOR, '--as', 'lab-nobody'), 'ORGANISATION_UNKNOWN');
  });

  it('shows an auditor which reports of some days rest on a standard, and who signed them', async () => {
    const reports = async (...days: readonly string[]) => {
      const found = await user.succeed<Affected>('affected', 'standard', '--reports', ...days);
      return found.reports.map(({ id, technician, performed }) => [id, technician, performed.end]);
    };
    const signed = [['lab-guest/G-1', 'lab-guest/t-guest', TODAY]];
    assert.deepEqual(await reports(), signed);
    assert.deepEqual(await reports('--from', TODAY, '--to', TODAY), signed);
    assert.deepEqual(await reports('--to', '2020-03-31'), []);
    assert.deepEqual(await reports('--except', 'lab-guest', '--except', 'nobody'), [], 'beside what others registered');
    assert.deepEqual(await reports('--from', '2100-01-01'), []);
    assert.equal(await user.fail(2, 'affected', 'standard', '--from', TODAY), 'USAGE');
  });

  it('finds the decisions of its customer in the history of the device, as the history of the report says', async () => {
    const environment = { TRACECAL_DATA: user.data };
    const { stdout } = await tracecal(['history', 'lab-guest/G-1'], { environment });
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /acceptance or rejection is in .*history lab-guest\/sensor --kind device/,
    );
  });

  it('names the standards again in an amendment, or says that there are none', async () => {
    const amend = (name: string, ...more: readonly string[]) => [
      ...['report', 'amend', 'G-1', name, '--yes', '--technician', 't-guest'],
      ...issue(...more),
    ];
    const { code, document } = await user.run(...amend('G-1-A'));
    const { error } = document as { error: { message: string } };
    assert.equal(code, 2);
    assert.match(
      error.message,
      /^Report lab-guest\/G-1 names the standards of nmi-north\/N-1,.*--parent.*--no-parents/,
    );
    await user.succeed(...amend('G-1-A', '--parent', 'N-1'));
    assert.equal((await user.succeed<Verdict>('trace', SENSOR)).status, 'TRACEABLE');
    const alone = ['report', 'amend', 'G-1-A', 'G-1-B', '--yes', '--technician', 't-guest', '--no-parents'];
    await user.succeed(...alone, ...issue());
    await user.answers<Verdict>(5, 'trace', SENSOR);
  });

  it('does not see a report as a calibration in the list of due dates after its owner has rejected it', async () => {
    const listed = async () => {
      const { devices } = await user.succeed<Due>('due', '--owner', 'lab-guest', '--all');
      return devices.map(({ device, quantities, report, state }) => [device, quantities, report, state]);
    };
    assert.deepEqual(await listed(), [[SENSOR, ['temperature'], 'lab-guest/G-1-B', 'valid']]);
    await user.succeed('report', 'reject', 'G-1-B', '--yes');
    assert.deepEqual(await listed(), [[SENSOR, ['temperature'], null, 'not-calibrated']]);
  });

  it("replaces lost keys as the refusals say, a technician's by the short id", async () => {
    rmSync(join(user.data, 'keys', 'technicians', 'lab-guest%2Ft-guest.key.pem'));
    const next = [
      'report',
      'issue',
      'G-2',
      '--device',
      'sensor',
      '--technician',
      't-guest',
      '--parent',
      'N-1',
      ...issue(),
    ];
    assert.match(
      await refusal(next),
      /if the key was lost, replace it with `tracecal technician authorise t-guest --new-key/,
    );
    await user.succeed('technician', 'authorise', 't-guest', '--new-key');
    rmSync(join(user.data, 'keys', 'devices', 'nmi-north%2Fstandard.key.pem'));
    assert.match(
      await refusal(next),
      /missing of device:nmi-north\/standard.*replace it with `tracecal device renew nmi-north\/standard --new-key/,
    );
    await user.succeed('device', 'renew', 'standard', '--new-key');
    await user.succeed(...next);
    assert.equal((await user.succeed<Verdict>('trace', SENSOR)).status, 'TRACEABLE');
  });
});
