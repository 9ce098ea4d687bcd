import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingId } from '@tracecal/core/contracts';
import type { Assessment, RecordedFinding, TraceBatch, TraceEntry, VerdictCounts } from '@tracecal/core/contracts';
import sinon from 'sinon';
import { connectMonitoring, Ledger, Measurement, TraceCal, TraceCalError } from '@tracecal/gateway-client';
import { CliUser, datedExampleFiles, tracecal } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { findingOf } from '../support/findings.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Recorded {
  readonly channel: string;
  readonly counts: VerdictCounts;
  readonly batches: readonly { readonly id: string; readonly txId: string; readonly endorsedBy: readonly string[] }[];
  readonly notTraceable: readonly TraceEntry[] | null;
}

const STANDARD = 'lab-alpha/PRT-2231';
const OWN = 'oem-a/RP4-0815';

/** A sensor maker who puts verdicts on record, and the monitor of his site. */
describe(`tracecal measurement and monitoring [${engineName}]`, function () {
  this.timeout(240_000);
  let user: CliUser;

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free', '--engine', engineName);
    const { scopes, temperature } = await datedExampleFiles();
    await user.succeed('scopes', 'grant', 'nmi-north', scopes);
    await user.succeed('org', 'add', 'lab-alpha', '--scopes', scopes, '--certified-by', 'nmi-north');
    await user.succeed('org', 'add', 'oem-a', '--certified-by', 'lab-alpha');
    await user.succeed('org', 'add', 'monitor', '--certified-by', 'nmi-north');
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      await user.succeed(
        ...['technician', 'add', `t-${organisation}`, '--org', organisation, '--quantities', 'temperature'],
      );
    }
    const [institute, laboratory, factory] = temperature;
    const north = ['--technician', 't-nmi-north', '--kind', 'standard'];
    await user.succeed('dcc', 'import', institute, ...north);
    await user.succeed('dcc', 'import', laboratory, ...north, '--imprinter', 't-lab-alpha');
    await user.succeed('dcc', 'import', factory, '--technician', 't-lab-alpha', '--imprinter', 't-oem-a');
  });

  afterEach(() => {
    sinon.restore();
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('records verdicts as the operator of the site, whose peer alone endorses them', async () => {
    await eventually(async () => {
      const { channel, counts, batches } = await user.succeed<Recorded>(
        ...['measurement', 'record', 'RP4-0815', STANDARD, OWN, '--site', 'a'],
      );
      assert.deepEqual([channel, counts.TRACEABLE, batches.length], ['measurement-a', 2, 1]);
      assert.deepEqual(batches[0]?.endorsedBy, ['OemAMSP']);
    });
  });

  it('records a list in as many transactions as it takes, and says which devices are not traceable', async () => {
    const list = `${OWN}\r\n\n${STANDARD}\nghost-1\n ghost-2 \n`;
    const { code, document } = await user.piped(
      list,
      ...['measurement', 'record', '--list', '-', '--as', 'oem-a', '--at-once', '3'],
    );
    assert.equal(code, 1, 'not all of them are');
    const { counts, batches, notTraceable } = document as Recorded;
    assert.deepEqual([counts.TRACEABLE, counts.FAILED, batches.length], [2, 2, 2]);
    assert.deepEqual(notTraceable?.map(({ device, check }) => `${device} ${check ?? ''}`).sort(), [
      'ghost-1 registered',
      'ghost-2 registered',
    ]);
  });

  it('says what is on record even if it cannot be read back, so that nobody records it again', async () => {
    sinon
      .stub(Measurement.prototype, 'getTraces')
      .throws(new TraceCalError('TIMED_OUT', 'The network did not answer in time.'));
    const record = ['measurement', 'record', 'ghost-1', OWN, '--site', 'a'];
    const { code, document } = await user.run(...record);
    assert.equal(code, 3);
    const { batches, notTraceable, error } = document as Recorded & { readonly error: { readonly code: string } };
    assert.deepEqual([batches.length, notTraceable, error.code], [1, null, 'TIMED_OUT']);
    const { stdout } = await tracecal(record, { environment: { TRACECAL_DATA: user.data } });
    assert.match(stdout, /Recorded in measurement-a: 1 TRACEABLE, 1 FAILED\.[^]*could not be read back.*\[TIMED_OUT\]/);
  });

  it('asks for the outcome of a transaction that it has lost sight of, and does nothing again unasked', async () => {
    const { batches } = await user.succeed<Recorded>('measurement', 'record', OWN, '--site', 'a');
    const txId = batches[0]?.txId ?? '';
    const ask = ['outcome', txId, '--level', 'measurement', '--site', 'a'];
    assert.equal((await user.succeed<{ state: string }>(...ask)).state, 'committed');

    const lost = new TraceCalError('OUTCOME_UNKNOWN', 'Not known yet.', { txId });
    sinon.stub(TraceCal.prototype, 'heartbeat').rejects(lost);
    const { code, stderr } = await user.run('heartbeat');
    assert.equal(code, 3);
    assert.ok(stderr.includes(`tracecal outcome ${txId}`), stderr);

    const answer = sinon.stub(Ledger.prototype, 'outcome').resolves({ state: 'unknown', txId });
    const unknown = await user.run('outcome', txId);
    assert.deepEqual(unknown.document, { txId, state: 'unknown', blockNumber: null, error: null });
    const why = new TraceCalError('GATEWAY_UNTRUSTED', 'Its certificate is not accepted.');
    answer.resolves({ state: 'unknown', txId, error: why });
    const hidden = await user.run('outcome', txId);
    assert.deepEqual([hidden.code, (hidden.document as { error: { code: string } }).error.code], [3, why.code]);
    const error = new TraceCalError('MVCC_READ_CONFLICT', 'Nothing was written.', { txId });
    answer.resolves({ state: 'refused', txId, error });
    const refused = await user.run('outcome', txId);
    assert.equal((refused.document as { error: { code: string } }).error.code, 'MVCC_READ_CONFLICT');
    assert.deepEqual([unknown.code, refused.code], [3, 3]);
    assert.equal(await user.fail(2, 'outcome', 'tx-7'), 'INPUT_INVALID');
  });

  it('records nothing at all if a line of the list cannot be a device', async () => {
    const before = await user.succeed<{ batches: readonly TraceBatch[] }>('measurement', 'batches', '--site', 'a');
    const file = join(user.data, 'devices.txt');
    writeFileSync(file, `${OWN}\n\u0000\n`);
    assert.equal(
      await user.fail(2, 'measurement', 'record', '--list', file, '--site', 'a', '--at-once', '1'),
      'INPUT_INVALID',
    );
    assert.equal(await user.fail(2, 'measurement', 'record', '--site', 'a'), 'USAGE');
    const after = await user.succeed<{ batches: readonly TraceBatch[] }>('measurement', 'batches', '--site', 'a');
    assert.deepEqual(after, before);
  });

  it('lets the monitor read them: yes only if the newest is TRACEABLE', async () => {
    const verdictsOf = ['measurement', 'verdicts', '--site', 'a', '--as', 'monitor'];
    await eventually(async () => {
      const { verdicts } = await user.succeed<{ verdicts: readonly TraceEntry[] }>(...verdictsOf, OWN);
      assert.ok(verdicts.length >= 2);
    });
    await user.no(...verdictsOf, 'ghost-1');
    const { verdicts } = await user.answers<{ verdicts: readonly TraceEntry[] }>(
      6,
      ...verdictsOf,
      OWN,
      '--to',
      '2020-01-01',
    );
    assert.deepEqual(verdicts, []);
  });

  it("puts the monitor's conclusion from a period on record, which the operator reads", async () => {
    const { batches } = await user.succeed<{ batches: readonly TraceBatch[] }>('measurement', 'batches', '--site', 'a');
    await eventually(async () => {
      const assessed = await user.succeed<{ batches: readonly string[] }>(
        ...['monitoring', 'assess', '--site', 'site-a', '--conclusion', 'nonconforming', '--from', '2026-01-01'],
      );
      assert.equal(assessed.batches.length, batches.length);
    });
    const [first] = batches;
    await user.succeed(
      ...['monitoring', 'assess', first?.id ?? '', '--as', 'monitor', '--site', 'a', '--conclusion', 'CONFORMING'],
    );
    await eventually(async () => {
      const { assessments } = await user.succeed<{ assessments: readonly Assessment[] }>(
        ...['monitoring', 'assessments', '--as', 'oem-a'],
      );
      assert.deepEqual(assessments.map(({ conclusion }) => conclusion).sort(), ['CONFORMING', 'NONCONFORMING']);
    });
  });

  it('shows the operator what the monitor found: all of it, about a device, and one finding in full', async () => {
    const proposes = { action: 'quarantine', devices: [OWN] } as const;
    const own = findingOf('own', { subject: { kind: 'device', id: OWN }, proposes });
    const other = findingOf('other', { subject: { kind: 'laboratory', id: 'lab-alpha' } });
    const folder = join(user.data, 'crypto-config', 'peerOrganizations', 'monitor.example');
    const profile = join(folder, 'connection-monitor.json');
    const monitor = await connectMonitoring({ profile, channel: 'monitoring-a' });
    try {
      await monitor.recordFindings([own, other]);
    } finally {
      monitor.close();
    }
    const findings = ['monitoring', 'findings', '--site', 'a', '--as', 'oem-a'];
    await eventually(async () => {
      const all = await user.succeed<{ findings: readonly RecordedFinding[] }>(...findings);
      assert.deepEqual(
        all.findings.map(({ says }) => says),
        [own.says, other.says],
      );
    });
    const about = await user.succeed<{ findings: readonly RecordedFinding[] }>(...findings, '--device', 'RP4-0815');
    assert.deepEqual(
      about.findings.map(({ id }) => id),
      [findingId(own)],
    );
    const none = await user.succeed<{ findings: readonly RecordedFinding[] }>(...findings, '--to', '2020-01-01');
    assert.deepEqual(none.findings, []);
    const environment = { TRACECAL_DATA: user.data };
    const table = await tracecal(findings, { environment });
    for (const shown of ['drift', `device ${OWN}`, own.says, 'quarantine (1 device)', 'laboratory lab-alpha']) {
      assert.ok(table.stdout.includes(shown), table.stdout);
    }
    const one = ['monitoring', 'finding', findingId(own).slice(0, 16), '--site', 'a', '--as', 'oem-a'];
    const { stdout } = await tracecal(one, { environment });
    assert.ok(
      [own.says, own.evidence[0] ?? '', findingId(own), OWN].every((part) => stdout.includes(part)),
      stdout,
    );
    const unknown = ['monitoring', 'finding', '--site', 'a', '--as', 'oem-a'];
    assert.equal(await user.fail(6, ...unknown, 'ab'.repeat(32)), 'NOT_FOUND');
    assert.equal(await user.fail(6, ...unknown, 'ab'.repeat(10)), 'NOT_FOUND');
    assert.equal(await user.fail(2, ...unknown, 'drift'), 'INPUT_INVALID');
  });

  it('refuses what the levels do not allow', async () => {
    const record = ['measurement', 'record', OWN, '--site', 'a'];
    assert.equal(await user.fail(7, ...record, '--as', 'monitor'), 'NOT_AUTHORISED');
    assert.equal(await user.fail(2, ...record, '--as', 'oem-b'), 'NOT_IN_CHANNEL');
    assert.equal(
      await user.fail(7, ...['monitoring', 'assess', '--site', 'a', '--conclusion', 'conforming', '--as', 'oem-a']),
      'NOT_AUTHORISED',
    );
  });

  it('asks which site, where there are several, and knows no others', async () => {
    assert.equal(await user.fail(2, 'measurement', 'batches'), 'USAGE');
    assert.equal(await user.fail(2, 'measurement', 'batches', '--site', 'c'), 'SITE_UNKNOWN');
    assert.equal(await user.fail(2, 'measurement', 'batches', '--site', 'a', '--as', 'nobody'), 'NOT_IN_CHANNEL');
    assert.equal(
      await user.fail(2, 'monitoring', 'assess', '--site', 'b', '--conclusion', 'conforming'),
      'INPUT_INVALID',
    );
  });
});
