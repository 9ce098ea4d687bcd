import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Requirements } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import type { Freshness, Reliance } from '@tracecal/gateway-client';
import type { DueDate } from '@tracecal/gateway-client/application';
import { CliUser, tracecal } from '../support/commandLine.js';
import { expandedUnc, quantity, real, smallCertificate } from '../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

interface Said {
  readonly owner: string;
  readonly requirements: Requirements;
}

/** What `trace --json` prints: a verdict, and what is said beside it. */
interface Traced extends Verdict {
  readonly reliance: Reliance;
  readonly notes: readonly string[];
  readonly freshness?: Freshness;
}

const isFuture = (note: string) => note.includes('in the future');

/** An owner says what it requires of its devices. Each scenario goes on where the one before it left off. */
describe("An owner's requirements on the command line", function () {
  this.timeout(120_000);
  let user: CliUser;
  let sensor: string;
  let attested: string;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const require = (...options: readonly string[]) =>
    user.succeed<Said>('requirements', 'set', '--as', 'oem-a', ...options);

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    const examples = await startTemperatureConsortium(user);
    const [institute, second, third] = examples.temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprint = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    await user.succeed('dcc', 'import', second, ...imprint);
    const take = ['dcc', 'import', third, '--technician', 't-alpha', '--owner', 'oem-a'];
    const [imported] = await user.succeed<{ device: string }[]>(...take);
    sensor = imported?.device ?? '';
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('without them nobody says when a device is due', async () => {
    const { due, requirements } = await user.succeed<Verdict>('trace', sensor);
    assert.deepEqual(due, { date: null, by: null, state: null });
    assert.deepEqual(requirements, { owner: 'oem-a', number: null, fulfilled: true, unmet: [] });
    const { stdout } = await tracecal(['trace', sensor, '--data', user.data]);
    assert.match(stdout, /no interval is set: nobody says when it is due/);
    const { stdout: list } = await tracecal(['due', '--owner', 'oem-a', '--data', user.data]);
    assert.match(list, /1 no interval\.\nNo interval is set/);
    const { stdout: shown } = await tracecal(['requirements', 'show', '--as', 'oem-a', '--data', user.data]);
    assert.match(shown, /oem-a has not said what it requires/);
  });

  it('an owner has to be named, and has to say something', async () => {
    assert.equal(await user.fail(2, 'requirements', 'set', '--interval', '365'), 'USAGE');
    assert.equal(await user.fail(2, 'requirements', 'set', '--as', 'oem-a'), 'USAGE');
  });

  it('the interval of a kind decides, and says so everywhere', async () => {
    const { requirements } = await require('--interval', 'temperature=400', '--interval', '90');
    assert.deepEqual(requirements, { intervals: [{ quantity: 'temperature', days: 400 }], intervalDays: 90 });
    const { due } = await user.succeed<Verdict>('trace', sensor);
    assert.deepEqual([due?.by, due?.state], ['owner', 'valid']);
    const { devices } = await user.succeed<{ devices: DueDate[] }>('due', '--owner', 'oem-a', '--all');
    assert.deepEqual([devices[0]?.due, devices[0]?.by, devices[0]?.intervalDays], [due?.date, 'owner', 400]);
    const { stdout } = await tracecal(['device', 'show', sensor, '--data', user.data], {
      environment: { COLUMNS: '250' },
    });
    assert.match(stdout, /interval of temperature: 400 days/);
    assert.match(stdout, new RegExp(`${due?.date ?? ''} +valid`));
    assert.equal((await user.no<Verdict>('trace', sensor, '--as-of', inDays(500))).status, 'FAILED');
  });

  it('what is not named stays; grace leaves a note', async () => {
    const { requirements } = await require('--grace', '300');
    assert.equal(requirements.intervalDays, 90);
    const verdict = await user.succeed<Verdict>('trace', sensor, '--as-of', inDays(500));
    assert.deepEqual([verdict.status, verdict.due?.state], ['TRACEABLE', 'overdue']);
    assert.match(verdict.edges[0]?.findings[0]?.reason ?? '', /within its owner's grace until/);
  });

  it('none takes a requirement away', async () => {
    await require('--grace', '0', '--due-soon', '10', '--strict', 'support,conformity', '--max-age', '1d');
    const { requirements } = await require('--due-soon', 'none', '--strict', 'none', '--max-age', 'none');
    assert.deepEqual(requirements, { intervals: [{ quantity: 'temperature', days: 400 }], intervalDays: 90 });
    assert.deepEqual((await require('--interval', 'none', '--interval', 'temperature=none')).requirements, {});
  });

  it('what else is required stands beside the status, and decides about the exit code', async () => {
    await require('--conformity', 'stated', '--min-tur', '1000');
    const verdict = await user.no<Verdict>('trace', sensor);
    assert.equal(verdict.status, 'TRACEABLE');
    assert.match(
      verdict.requirements?.unmet[0]?.reason ?? '',
      /test uncertainty ratio.*, and oem-a requires at least 1,?000\.$/,
    );
    const { stdout } = await tracecal(['trace', sensor, '--data', user.data]);
    assert.match(stdout, /does not fulfil what oem-a requires \(statement 6\)\n +tur:/);
    await require('--conformity', 'none', '--min-tur', 'none');
    await user.succeed('trace', sensor);
  });

  it('an accreditation in the place of a chain is good enough where the owner accepts it', async () => {
    const file = join(temporaryFolder(), 'accredited.xml');
    const data = quantity('Temperature', real('20.10', '\\degreecelsius', expandedUnc('0.1')));
    const claim = '<dcc:calibrationLaboratory><dcc:calibrationLaboratoryCode>D-K-1</dcc:calibrationLaboratoryCode>';
    const certificate = smallCertificate({ data })
      .toString()
      .replace('<dcc:calibrationLaboratory>', claim)
      .replace('>Laboratory<', '>lab-alpha<')
      .replaceAll(/2026-01-0[56]/g, inDays(0));
    writeFileSync(file, certificate);
    const take = ['dcc', 'import', file, '--technician', 't-alpha', '--owner', 'oem-a'];
    const [imported] = await user.succeed<{ device: string }[]>(...take);
    const device = imported?.device ?? '';
    const asked = async (exit: 0 | 4 | 5) => {
      const { code, document } = await user.run('trace', device);
      assert.equal(code, exit);
      return (document as Verdict).status;
    };
    assert.equal(await asked(4), 'ATTESTED');
    await require('--accreditation', 'accept');
    assert.equal(await asked(0), 'ATTESTED');
    await require('--accreditation', 'refuse');
    assert.equal(await asked(5), 'INCOMPLETE');
    await require('--accreditation', 'attested');
    assert.equal(await asked(4), 'ATTESTED');
    attested = device;
  });

  it('the asker can accept ATTESTED as well, and the output says that', async () => {
    const trace = ['trace', attested];
    const refused = await user.answers<Traced>(4, ...trace);
    assert.deepEqual([refused.reliance.mayRely, refused.reliance.lacks], [false, 'traceability']);
    const accepted = await user.succeed<Traced>(...trace, '--accept', 'attested');
    assert.deepEqual([accepted.status, accepted.reliance.by], ['ATTESTED', 'asker']);
    assert.match(accepted.notes.join(), /accepted by request/);
    const stale = await user.answers<Traced>(8, ...trace, '--accept', 'attested', '--max-age', '1s');
    assert.equal(stale.reliance.lacks, 'freshness', 'old records are not what was accepted');
    assert.ok(stale.freshness?.institutes.some(({ institute, time }) => institute === 'nmi-north' && time === null));
    const { stdout } = await tracecal([...trace, '--max-age', '1s', '--data', user.data]);
    assert.match(stdout, /asked for: a heartbeat of .*, at most 1 second old\n +nmi-\w+: none was seen/);
  });

  it('a day in the future is told beside the verdict', async () => {
    const { notes } = await user.answers<Traced>(4, 'trace', attested, '--as-of', inDays(2));
    assert.match(notes.join(), /is in the future: this is the verdict as known today/);
    assert.deepEqual(
      (await user.answers<Traced>(4, 'trace', attested, '--as-of', inDays(0))).notes.filter(isFuture),
      [],
    );
  });

  it('a device that does not exist is no verdict, however fresh the records have to be', async () => {
    assert.equal(await user.fail(6, 'trace', 'no-such-device', '--max-age', '1s'), 'NOT_REGISTERED');
  });

  it('an officer signs them into a file, and any member of the calibration level submits it', async () => {
    const file = join(temporaryFolder(), 'requirements.json');
    await require('--clear', '--max-age', '1h', '--sign-only', file);
    await user.succeed('statement', 'submit', file, '--via', 'lab-alpha');
    const { requirements } = await user.answers<Verdict>(8, 'trace', sensor);
    assert.equal(requirements?.number, 11);
    assert.match(requirements.unmet[0]?.reason ?? '', /requires a heartbeat from .* no heartbeat was seen\.$/);
    await user.succeed('heartbeat');
    assert.equal((await user.succeed<Verdict>('trace', sensor)).requirements?.fulfilled, true);
    const late = await user.answers<Verdict>(8, 'trace', sensor, '--as-of', inDays(1));
    assert.deepEqual([late.status, late.requirements?.unmet[0]?.requirement], ['TRACEABLE', 'freshness']);
  });

  it('the history of the owner lists each of them', async () => {
    const { stdout } = await tracecal(['history', 'oem-a', '--kind', 'organisation', '--data', user.data]);
    assert.equal(stdout.match(/organisation oem-a: requirements of its devices set by oem-a/g)?.length, 11);
    const [shown] = await user.succeed<{ requirements: { body: Requirements } }[]>(
      ...['requirements', 'show', '--as', 'oem-a'],
    );
    assert.deepEqual(shown?.requirements.body, { maxAgeSeconds: 3600 });
  });
});
