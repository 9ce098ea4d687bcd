import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/core/trace';
import { datedExampleFiles, PROGRAM } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const HALF_A_YEAR = 180;
/** The day on which the factory works; the devices are sold today. Not the other way round: TLS knows one clock only. */
const THEN = new Date(Date.now() - HALF_A_YEAR * 86_400_000).toISOString().slice(0, 10);

/** Has a process and those that it starts live some days ago. */
const CLOCK = `
const behind = Number(process.env.TEST_DAYS_AGO) * 86400000;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) { super(...(given.length > 0 ? given : [RealDate.now() - behind])); }
  static now() { return RealDate.now() - behind; }
};
`;

/** What a factory does: it anchors today, and registers when a device is sold. */
describe('a factory', function () {
  this.timeout(120_000);
  let folder: string;
  let daysAgo = HALF_A_YEAR;

  const file = (name: string) => join(folder, name);

  /** Runs `tracecal` on the day that it is. */
  function run(...args: readonly string[]): Promise<{ code: number; document: unknown }> {
    const env = {
      ...process.env,
      TRACECAL_DATA: file('data'),
      NODE_OPTIONS: `--require ${file('clock.cjs')}`,
      TEST_DAYS_AGO: String(daysAgo),
    };
    return new Promise((done) => {
      const child = execFile(process.execPath, [PROGRAM, ...args, '--json'], { env }, (_error, stdout) => {
        done({ code: child.exitCode ?? -1, document: JSON.parse(stdout) });
      });
    });
  }

  async function succeed<T>(...args: readonly string[]): Promise<T> {
    const { code, document } = await run(...args);
    assert.equal(code, 0, `${args.join(' ')}: ${JSON.stringify(document)}`);
    return document as T;
  }

  async function fail(...args: readonly string[]): Promise<string> {
    const { document } = await run(...args);
    return (document as { error: { code: string } }).error.code;
  }

  /** Signs a report of that day about a new device, and registers nothing but the device. */
  async function signReport(device: string): Promise<string> {
    const described = ['--serial', device, '--model', 'N', '--manufacturer', 'N'];
    await succeed('device', 'add', device, '--technician', 't-north', ...described);
    const content = ['--results', file('results.json'), '--begin', THEN, '--sign-only', file(`${device}.json`)];
    await succeed('report', 'issue', `r-${device}`, '--device', device, '--technician', 't-north', ...content);
    return file(`${device}.json`);
  }

  before(async () => {
    folder = temporaryFolder();
    writeFileSync(file('clock.cjs'), CLOCK);
    const rows = [{ value: 20, uncertainty: { expanded: 0.5, coverageFactor: 2, coverageProbability: 0.95 } }];
    const results = [{ name: 'T', quantity: 'temperature', unit: '\\degreecelsius', rows }];
    writeFileSync(file('results.json'), JSON.stringify(results));
    await succeed('up', '--detach', '--ports', 'free');
    await succeed('scopes', 'grant', 'nmi-north', (await datedExampleFiles()).scopes);
    await succeed('technician', 'add', 't-north', '--org', 'nmi-north', '--quantities', 'temperature');
  });

  after(async () => {
    await run('down');
    removeTemporaryFolders();
  });

  it('anchors signed reports, and shows nobody what they say', async () => {
    const [one, two] = [await signReport('n-1'), await signReport('n-2')];
    const { files, root } = await succeed<{ root: string; files: { anchored: string; reports: string[] }[] }>(
      ...['anchor', one, two, '--output', file('anchored')],
    );
    assert.deepEqual(
      files.map(({ anchored, reports }) => [anchored, reports]),
      [
        [file('anchored/n-1.anchored.json'), ['nmi-north/r-n-1']],
        [file('anchored/n-2.anchored.json'), ['nmi-north/r-n-2']],
      ],
    );
    assert.match(root, /^[0-9a-f]{64}$/);
    assert.equal(await fail('history', 'r-n-1'), 'NOT_REGISTERED', 'nothing is registered yet');
  });

  it('writes the proofs beside the files unless a folder is named, and again if they were lost', async () => {
    const again = await succeed<{ txId?: string }>('anchor', file('n-1.json'), file('n-2.json'));
    assert.equal(again.txId, undefined, 'the root is on the ledger already');
    assert.ok(existsSync(file('n-1.anchored.json')));
    assert.equal(await fail('anchor', file('n-1.json')), 'FILE_UNWRITABLE', 'another root');
  });

  it('finishes what an earlier attempt left: a file that is missing, and one that was cut short', async () => {
    const both = ['anchor', file('n-1.json'), file('n-2.json')];
    const [one, two] = [file('n-1.anchored.json'), file('n-2.anchored.json')];
    const texts = [one, two].map((path) => readFileSync(path, 'utf8'));
    rmSync(two);
    writeFileSync(one, texts[0]?.slice(0, 100) ?? '');
    await succeed(...both);
    assert.deepEqual(
      [one, two].map((path) => readFileSync(path, 'utf8')),
      texts,
    );
    writeFileSync(two, 'something else');
    assert.equal(await fail(...both), 'FILE_UNWRITABLE');
    writeFileSync(two, texts[1] ?? '');
  });

  it('cannot anchor what is anchored already or is no report, nor sign a report afterwards', async () => {
    const anchored = file('n-1.anchored.json');
    assert.equal(await fail('anchor', anchored), 'INPUT_INVALID');
    assert.equal(await fail('statement', 'sign', anchored, '--as', 'nmi-north'), 'INPUT_INVALID');
    await succeed('device', 'set-interval', 'n-1', '9000', '--sign-only', file('interval.json'));
    assert.equal(await fail('anchor', file('interval.json')), 'INPUT_INVALID');
    assert.equal(existsSync(file('interval.anchored.json')), false);
  });

  it('registers them half a year later, and they are of the day on which they were anchored', async () => {
    const late = await signReport('n-3');
    await succeed('down');
    daysAgo = 0;
    await succeed('up', '--detach', '--ports', 'free');
    await succeed('statement', 'submit', file('anchored/n-1.anchored.json'));
    await succeed('statement', 'submit', late);
    const { status, edges } = await succeed<Verdict>('trace', 'n-1');
    assert.equal(status, 'TRACEABLE');
    assert.equal(edges[0]?.registered?.slice(0, 10), THEN);
    const { code, document } = await run('trace', 'n-3');
    assert.equal(code, 4);
    assert.match((document as Verdict).reason, /transcription/, 'it was not anchored');
  });
});
