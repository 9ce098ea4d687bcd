import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CliUser, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

interface Listing {
  readonly items: readonly { readonly id: string; readonly impediment: { readonly state: string } | null }[];
  readonly more: boolean;
  readonly after: string | null;
}

/** Each scenario goes on where the one before it left off. */
describe('what is registered', function () {
  this.timeout(120_000);
  let user: CliUser;

  const list = async (...args: readonly string[]) => user.succeed<Listing>(...args);
  const ids = ({ items }: Listing) => items.map(({ id }) => id);
  const read = async (...args: readonly string[]) =>
    (await tracecal([...args, '--data', user.data], { environment: { COLUMNS: '250' } })).stdout;

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature } = await startTemperatureConsortium(user);
    const [institute, laboratory, factory] = temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprinted = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    await user.succeed('dcc', 'import', laboratory, ...imprinted);
    await user.succeed('dcc', 'import', factory, '--technician', 't-alpha', '--owner', 'oem-a');
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('is listed: organisations, people, devices and reports, by what a laboratory looks for', async () => {
    assert.deepEqual(ids(await list('org', 'list', '--certified-by', 'nmi-north')), ['lab-alpha', 'oem-a']);
    assert.deepEqual(ids(await list('org', 'list', '--kind', 'LAB')), ['lab-alpha']);
    assert.deepEqual(ids(await list('technician', 'list')), ['lab-alpha/t-alpha', 'nmi-north/t-north']);
    assert.deepEqual(ids(await list('officer', 'list', '--org', 'oem-a')), ['oem-a/officer']);
    assert.deepEqual(ids(await list('device', 'list', '--owner', 'oem-a')), ['lab-alpha/RP4-0815']);
    assert.deepEqual(ids(await list('device', 'list', '--owner', 'oem-a', '--kind', 'standard')), []);
    const reports = await list('report', 'list', '--org', 'lab-alpha');
    assert.equal(reports.items.length, 1);
    assert.deepEqual(ids(await list('report', 'list', '--device', 'RP4-0815')), ids(reports));
    assert.match(await read('report', 'list', '--device', 'RP4-0815'), /accepted, current/);
    assert.equal(
      await user.fail(6, 'device', 'list', '--owner', 'oem-aa'),
      'NOT_FOUND',
      'a misspelt owner is no answer',
    );
  });

  it('is listed page by page, and says that there is more', async () => {
    const [all, first] = [await list('device', 'list'), await list('device', 'list', '--limit', '1')];
    assert.equal(all.more, false);
    assert.deepEqual([first.items.length, first.more], [1, true]);
    const rest = await list('device', 'list', '--after', first.after ?? '');
    assert.deepEqual([...ids(first), ...ids(rest)], ids(all));
    assert.match(
      await read('org', 'list', '--limit', '1'),
      /There may be more: add --after lab-alpha, or raise --limit/,
    );
  });

  it('is shown with what an auditor asks: standing, certifier, accreditation, certificate, where the key is', async () => {
    const shown = await read('org', 'show', 'lab-alpha');
    assert.match(shown, /Alpha Calibration Laboratory.*LAB/);
    assert.match(shown, /standing: good\n {2}certified by nmi-north; acts through LabAlphaMSP/);
    assert.match(shown, /key: on this machine; certificate ends on \d{4}-/);
    assert.match(shown, /officers whose keys are on this machine: lab-alpha\/officer/);
    assert.match(shown, /quantity .*CMC[^]*temperature/);
    assert.match(await read('technician', 'show', 't-alpha'), /may sign for: temperature/);
    assert.match(
      await read('device', 'show', 'RP4-0815'),
      /standing: good[^]*imprinted by lab-alpha\/t-alpha[^]*key: on this/,
    );
    assert.equal(await user.fail(6, 'technician', 'show', 'lab-alpha/officer'), 'NOT_REGISTERED');
  });

  it('is shown as suspended from the next look on', async () => {
    await user.succeed('suspend', 'technician', 't-alpha', '--reason', 'key-compromise', '--yes');
    const { items } = await list('technician', 'list', '--org', 'lab-alpha');
    assert.equal(items[0]?.impediment?.state, 'suspended');
    assert.match(await read('technician', 'show', 't-alpha'), /standing: suspended by lab-alpha, key-compromise/);
  });
});
