import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { VerdictCounts } from '@tracecal/core/contracts';
import type { Verdict, VerdictStatus } from '@tracecal/core/trace';
import { datedExampleFiles, PROGRAM } from '../support/commandLine.js';
import { laboratory } from '../support/seals/expectations.js';
import { signedCertificate } from '../support/seals/signedCertificate.js';
import { CANONICAL_CERTIFICATE } from '../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface TraceDocument {
  readonly device: string;
  readonly status: VerdictStatus;
  readonly levels: number;
  readonly verdict: Verdict;
  readonly ms: number;
}

interface DemoDocument {
  readonly network: { readonly organisations: readonly unknown[] };
  readonly devices: readonly { readonly id: string }[];
  readonly reports: readonly {
    readonly report: string;
    readonly accepted: boolean;
    readonly parents: readonly { readonly kind: string }[];
  }[];
  readonly heartbeat: { readonly epoch: number; readonly institutes: readonly string[] };
  readonly refused: readonly { readonly file: string; readonly error: { readonly code: string } }[];
  readonly traces: readonly TraceDocument[];
  readonly revoked: { readonly device: string };
  readonly tracesAfter: readonly TraceDocument[];
  readonly sites: readonly { readonly channel: string; readonly monitor: string; readonly counts: VerdictCounts }[];
  readonly affected: readonly { readonly device: string }[];
  readonly evidence: readonly { readonly endorsedBy: readonly string[] }[];
}

describe('tracecal demo', function () {
  this.timeout(180_000);
  after(removeTemporaryFolders);

  it('shows sensors traced, a standard revoked and the next trace refused, as one JSON document', async () => {
    const { code, stdout } = await demo('--json');
    assert.equal(code, 0);
    const document = JSON.parse(stdout) as DemoDocument;
    assert.equal(document.network.organisations.length, 8);
    assert.equal(document.devices.length, 8);
    assert.equal(document.reports.length, 8);
    assert.deepEqual(
      document.traces.map(({ device, status, levels }) => [device, status, levels]),
      [
        ['oem-a/TT20-10233', 'TRACEABLE', 4],
        ['oem-b/WM2-00451', 'TRACEABLE', 4],
      ],
    );
    assert.ok(document.traces.every(({ ms }) => ms > 0));
    assert.deepEqual(
      document.traces.flatMap(({ verdict }) =>
        verdict.results.map(({ quantity, conformity, arguments: at }) => [
          quantity,
          conformity,
          at.map(({ name }) => name),
        ]),
      ),
      [
        ['temperature', 'conforms', []],
        ['mass', 'conforms', ['Temperature of the load cell']],
      ],
    );
    assert.equal(document.revoked.device, 'lab-alpha/PRT-2231');
    assert.deepEqual(
      document.tracesAfter.map(({ status }) => status),
      ['FAILED', 'TRACEABLE'],
    );
    assert.deepEqual(
      document.sites.map(({ channel, monitor, counts }) => [channel, monitor, counts.TRACEABLE, counts.FAILED]),
      [
        ['measurement-a', 'monitor', 0, 1],
        ['measurement-b', 'monitor', 1, 0],
      ],
    );
    assert.deepEqual(document.affected.map(({ device }) => device).sort(), ['oem-a/RP4-0815', 'oem-a/TT20-10233']);
    assert.ok(document.evidence.every(({ endorsedBy }) => endorsedBy.length >= 2));
  });

  it('prints one JSON document and nothing else on stdout by npm start, as the README says', async function () {
    // It looks first whether everything is built.
    this.timeout(300_000);
    const root = join(__dirname, '..', '..', '..');
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const command = 'npm start --silent -- --json';
    assert.ok(readme.includes(`\`${command}\``));
    const child = spawn(command, { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const { code, stdout } = await ended(child);
    assert.equal(code, 0);
    const { traces } = JSON.parse(stdout) as DemoDocument;
    assert.deepEqual(
      traces.map(({ status }) => status),
      ['TRACEABLE', 'TRACEABLE'],
    );
  });

  it("attaches the user's own certificates, and says of each that it cannot read why", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'broken.xml'), '<not-a-certificate/>');
    const [, , , example] = (await datedExampleFiles()).mass;
    // Another certificate of the same number: the demo's own one comes first.
    writeFileSync(join(folder, 'mine.xml'), `${readFileSync(example, 'utf8')}\n`);
    const { code, stdout } = await demo('--json', '--dcc', folder);
    assert.equal(code, 0);
    const { reports, refused, traces } = JSON.parse(stdout) as DemoDocument;
    assert.deepEqual(
      refused.map(({ file, error }) => [file, error.code]),
      [[join(folder, 'broken.xml'), 'DCC_NOT_A_CERTIFICATE']],
    );
    const mine = reports.at(-1);
    assert.match(mine?.report ?? '', /^lab-alpha\/EXAMPLE-OEMB-M-\d{4}-00451$/, 'numbers are unique for a laboratory');
    assert.deepEqual(
      mine?.parents.map(({ kind }) => kind),
      ['report'],
    );
    const { device, status } = traces.at(-1) ?? {};
    assert.deepEqual([device, status], ['oem-b/WM2-00451', 'ATTESTED'], 'about the device that is registered');
  });

  it('refuses a certificate that was changed after signing, and says of another what is not checked', async () => {
    const folder = temporaryFolder();
    const signed = signedCertificate({ signer: laboratory, certificate: CANONICAL_CERTIFICATE }).toString();
    writeFileSync(join(folder, 'changed.xml'), signed.replace('20.10', '20.11'));
    writeFileSync(join(folder, 'signed.xml'), signed);
    const { code, stdout } = await demo('--dcc', folder);
    assert.equal(code, 0);
    assert.match(stdout, /✗ \S*changed\.xml\n.*changed after signing/);
    assert.match(stdout, /Its signature fits, and the report is not marked as sealed: .*nobody says who signed/);
  });

  it('says of certificates that are old that they are transcriptions', async () => {
    const folder = temporaryFolder();
    const example = join(dirname(PROGRAM), '..', 'examples', 'mass-1-nmi-south.xml');
    // A device that the demo has no newer calibration of.
    writeFileSync(join(folder, 'old.xml'), readFileSync(example, 'utf8').replaceAll('PMS-0001', 'PMS-0009'));
    const { code, stdout } = await demo('--json', '--dcc', folder);
    assert.equal(code, 0);
    const { traces } = JSON.parse(stdout) as DemoDocument;
    assert.deepEqual([traces.at(-1)?.device, traces.at(-1)?.status], ['nmi-north/PMS-0009', 'ATTESTED']);
  });

  it('leaves no process behind when it is killed', async () => {
    const data = join(temporaryFolder(), 'demo');
    const child = spawn(process.execPath, [PROGRAM, 'demo', '--data', data], { stdio: 'ignore' });
    const record = join(data, 'network.json');
    await until(() => existsSync(record));
    const { pid } = JSON.parse(readFileSync(record, 'utf8')) as { pid: number };
    await kill(child);
    await until(() => !isAlive(pid));
  });

  it('ends silently with 130 where Ctrl-C interrupts it, also while its network starts', async () => {
    const data = join(temporaryFolder(), 'demo');
    const child = spawn(process.execPath, [PROGRAM, 'demo', '--data', data], { stdio: ['ignore', 'ignore', 'pipe'] });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(() => existsSync(join(data, 'network.log')));
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.equal(Buffer.concat(said).toString('utf8'), '');
    assert.ok(!existsSync(join(data, 'network.json')), 'no network is left');
  });

  it('wants a data directory of its own', async () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'something'));
    const { code, stdout } = await demo('--json', '--data', data);
    assert.equal(code, 2);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'DATA_NOT_EMPTY');
  });
});

function demo(...args: readonly string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [PROGRAM, 'demo', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, COLUMNS: '250' },
  });
  return ended(child);
}

function ended(child: ChildProcessByStdio<null, Readable, null>): Promise<{ code: number | null; stdout: string }> {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, stdout: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'waited for a minute');
    await pause(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
