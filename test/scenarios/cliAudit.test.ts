import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/core/trace';
import type { MembersCompared } from '@tracecal/gateway-client/application';
import type { Audit, AuditComparison, EvidenceReport } from '@tracecal/gateway-client/audit';
import type { ProofAnswer } from '@tracecal/gateway-client/proof/verify';
import { CliUser, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

/** Each scenario goes on where the one before it left off. */
describe('An audit by the command line', function () {
  this.timeout(180_000);
  let user: CliUser;
  let folder: string;
  let trust: string;
  let device: string;
  /** That of the institute, and that of the laboratory below it. */
  let standards: readonly [string, string];

  const file = (name: string) => join(folder, name);

  before(async () => {
    folder = temporaryFolder();
    trust = file('trust.json');
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature } = await startTemperatureConsortium(user);
    const [institute, second, third] = temperature;
    const take = async (...args: readonly string[]) =>
      (await user.succeed<{ device: string }[]>('dcc', 'import', ...args))[0]!.device;
    standards = [
      await take(institute, '--technician', 't-north', '--kind', 'standard'),
      await take(second, '--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'),
    ];
    device = await take(third, '--technician', 't-alpha', '--owner', 'oem-a');
    await user.succeed('heartbeat');
    writeFileSync(trust, (await tracecal(['trust', 'export', '--from-network', '--data', user.data])).stdout);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('shows a device on the terminal, with a page that prints and a file of evidence', async () => {
    const args = ['--provenance', '--page', file('page.html'), '--evidence', file('evidence.json'), '--trust', trust];
    const { code, stdout } = await tracecal(['audit', 'RP4-0815', '--data', user.data, ...args]);
    assert.equal(code, 0);
    assert.match(stdout, /device lab-alpha\/RP4-0815: 2 transactions in \d+ blocks of calibration/);
    assert.match(stdout, /signed by technician:lab-alpha\/t-alpha/);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /owned by oem-a.*at lab-alpha: left its owner by/);
    assert.match(readFileSync(file('page.html'), 'utf8'), /<h1>Audit of device lab-alpha\/RP4-0815<\/h1>/);
    assert.doesNotMatch(stdout, /nobody vouches/);
    const again = await user.run('audit', device, '--page', file('page.html'));
    assert.equal(again.code, 2);
  });

  it('refuses to tell the provenance of anything but a device before it reads anything', async () => {
    for (const [kind, id] of [
      ['organisation', 'lab-alpha'],
      ['person', 'lab-alpha/t-alpha'],
    ] as const) {
      const asked = ['audit', id, '--provenance', '--page', file('none.html')];
      const { code, document } = await user.run(...asked);
      const { error } = document as { error: { message: string } };
      assert.equal(code, 2, id);
      assert.match(error.message, new RegExp(`Only a device has a provenance.*${kind} ${id}`));
      assert.equal(existsSync(file('none.html')), false);
    }
  });

  it('has evidence that is checked without the network', async () => {
    await user.succeed('log', 'export', file('log'));
    const elsewhere = ['--trust', trust, '--data', file('nothing')];
    const verify = ['proof', 'verify', file('evidence.json'), ...elsewhere];
    const { code, stdout } = await tracecal([...verify, '--log', file('log'), '--require', 'recorded', 'fresh']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^HOLDS: the audit of device lab-alpha\/RP4-0815/);
    assert.equal((await tracecal([...verify, '--require', 'chain'])).code, 8);
    assert.equal((await tracecal([...verify, '--device', 'lab-alpha/other'])).code, 2);
    assert.equal((await tracecal([...verify, '--nonce', 'word'])).code, 2);
    const indented = JSON.stringify(JSON.parse(readFileSync(file('evidence.json'), 'utf8')), undefined, 2);
    writeFileSync(file('indented.json'), indented);
    assert.equal((await tracecal(['proof', 'verify', file('indented.json'), ...elsewhere])).code, 0);
    const remembering = ['--log', file('log'), '--seen', file('seen.json')];
    assert.equal((await tracecal([...verify, ...remembering])).code, 0);
    assert.ok(existsSync(file('seen.json')));
    writeFileSync(file('forged.json'), readFileSync(file('evidence.json'), 'utf8').replaceAll('"oem-a"', '"oem-b"'));
    const forged = await tracecal(['proof', 'verify', file('forged.json'), ...elsewhere, '--json']);
    assert.equal(forged.code, 1);
    assert.ok((JSON.parse(forged.stdout) as EvidenceReport).contradictions.length > 0);
  });

  it('has evidence that holds of a report, an organisation, a technician and an officer, as text and as JSON', async () => {
    await user.succeed('technician', 'authorise', 't-alpha', '--quantities', 'temperature', '--new-key');
    const { transactions } = await user.succeed<Audit>('audit', device);
    const statements = transactions.flatMap((each) => each.statements);
    const report = statements.find(({ what }) => what === 'report')!.subject.id;
    const asked = [
      ['device', device],
      ['report', report],
      ['organisation', 'lab-alpha'],
      ['technician', 't-alpha'],
      ['person', 't-north'],
      ['officer', 'lab-alpha/officer'],
      ['officer', 'nmi-north/officer'],
    ] as const;
    const more = ['--trust', trust, '--data', file('nothing')];
    for (const [kind, id] of asked) {
      const evidence = file(`${kind}-${id.replaceAll('/', '-')}.json`);
      await user.succeed('audit', id, '--kind', kind, '--evidence', evidence);
      const text = await tracecal(['proof', 'verify', evidence, ...more]);
      assert.equal(text.code, 0, text.stdout);
      assert.match(text.stdout, /^HOLDS: the audit of /);
      const json = await tracecal(['proof', 'verify', evidence, ...more, '--log', file('log'), '--json']);
      assert.equal(json.code, 0, json.stdout);
      assert.deepEqual((JSON.parse(json.stdout) as EvidenceReport).contradictions, []);
      const other = kind === 'device' ? 'person' : 'device';
      const read = readFileSync(evidence, 'utf8');
      const lied = read.replace(
        /"subject":\{"id":"([^"]+)","kind":"[a-z]+"\},"transactions"/,
        (_, own: string) => `"subject":{"id":"${own}","kind":"${other}"},"transactions"`,
      );
      assert.notEqual(lied, read);
      writeFileSync(file('lied.json'), lied);
      assert.equal((await tracecal(['proof', 'verify', file('lied.json'), ...more])).code, 1, `${id} as ${other}`);
    }
    const { stdout } = await tracecal(['audit', 't-alpha', '--data', user.data]);
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /authorisation of person lab-alpha\/t-alpha.*a further authorisation of person/,
    );
  });

  it('is compared with a later one, and shows what was known when', async () => {
    const before = await user.succeed<Audit>('audit', device);
    const [report] = before.transactions
      .flatMap(({ statements }) => statements)
      .filter(({ what }) => what === 'report');
    await user.succeed('revoke', 'report', report!.subject.id, '--reason', 'fraud', '--yes');
    const last = before.transactions.at(-1)!;
    const after = await user.succeed<Audit>('audit', device, '--known-at', last.registered!);
    assert.deepEqual([after.known?.then?.status, after.known?.today?.status], ['TRACEABLE', 'FAILED']);
    assert.equal(after.transactions.at(-1)?.statements[0]?.details.reason, 'fraud');
    const warned = await tracecal([
      'audit',
      device,
      '--data',
      user.data,
      '--known-at',
      after.transactions.at(-1)!.registered!,
    ]);
    assert.match(
      warned.stdout.replaceAll(/\s+/g, ' '),
      /if these blocks are not the newest ones, more may have been known then/,
    );
    assert.equal(await user.fail(2, 'audit', device, '--known-at', '2099-01-01'), 'INPUT_INVALID');
    const ancient = await user.succeed<Audit>('audit', device, '--known-at', '2020-01-01', '--trust', trust);
    assert.notEqual(ancient.known?.then?.status, 'TRACEABLE');
    writeFileSync(file('before.json'), JSON.stringify(before));
    writeFileSync(file('after.json'), JSON.stringify(after));
    writeFileSync(file('cut.json'), JSON.stringify({ ...before, transactions: before.transactions.slice(1) }));
    const same = await user.succeed<AuditComparison>('audit', 'compare', file('before.json'), file('after.json'));
    assert.deepEqual([same.consistent, same.since], [true, 1]);
    const { code, stdout } = await tracecal(['audit', 'compare', file('after.json'), file('cut.json')]);
    assert.equal(code, 1);
    assert.match(stdout, /One of the two is forged/);
  });

  it('comes from a replica with whole blocks, of a short id, without a connection', async () => {
    await user.succeed('follow', file('replica'), '--once', '--keep-blocks', '--trust', trust);
    await user.succeed('follow', file('bare'), '--once');
    const offline = ['--data', file('nothing'), '--json', '--replica'];
    const { code, stdout } = await tracecal(['audit', 't-alpha', ...offline, file('replica')]);
    assert.equal(code, 0);
    assert.deepEqual((JSON.parse(stdout) as Audit).subject, { kind: 'person', id: 'lab-alpha/t-alpha' });
    const bare = await tracecal(['audit', 't-alpha', ...offline, file('bare')]);
    assert.deepEqual([bare.code, bare.stdout.includes('REPLICA_WITHOUT_BLOCKS')], [2, true]);
    assert.equal((await tracecal(['audit', 'nobody', ...offline, file('replica')])).code, 6);
  });

  it('compares what members have sealed, and keeps what contradicts', async () => {
    const agreeing = await user.succeed<MembersCompared & { evidence: null }>('compare', '--trust', trust);
    assert.ok(agreeing.members.length >= 6);
    assert.deepEqual([agreeing.contradicts, agreeing.isComplete, agreeing.evidence], [false, true, null]);
    cpSync(file('log'), file('theirs'), { recursive: true });
    const epoch = file('theirs/epochs/000000000.txt');
    writeFileSync(epoch, readFileSync(epoch, 'utf8').replace(/\n.*\n/, '\n'));
    const evidence = file('kept');
    const args = ['--trust', trust, '--peers', 'nmi-north', '--log', file('theirs'), '--evidence', evidence];
    const differing = await user.answers<MembersCompared>(1, 'compare', ...args);
    assert.equal(differing.members[1]?.comparison?.fork?.epoch, 0);
    assert.ok(existsSync(join(evidence, 'why.json')) && existsSync(join(evidence, 'nmi-north/head.json')));
    assert.equal(await user.fail(2, 'compare', '--trust', trust, '--peers', 'nmi-north'), 'INPUT_INVALID');
  });

  it('is not needed to know that one asked: the asker keeps that', async () => {
    const record = file('asked.jsonl');
    writeFileSync(record, 'half a line');
    for (const name of ['one', 'two']) {
      await user.succeed('proof', 'create', device, '-o', file(`${name}.bundle.json`), '--record', record);
    }
    const lines = readFileSync(record, 'utf8').trim().split('\n');
    assert.deepEqual([lines.length, lines[0]], [3, 'half a line']);
    const { type, asker, device: asked, recorded } = JSON.parse(lines[1]!) as Record<string, unknown>;
    assert.deepEqual([type, asked, recorded], ['tracecal-asked/1', device, null]);
    assert.match(String(asker), /^(?:nmi|lab|oem)-/);
    assert.equal(statSync(record).mode & 0o777, 0o600);
    const text = readFileSync(file('one.bundle.json'));
    assert.equal((JSON.parse(lines[1]!) as { bundle: string }).bundle, createHash('sha256').update(text).digest('hex'));
    const nowhere = await user.run('proof', 'create', device, '-o', file('three'), '--record', file('no/where'));
    assert.deepEqual([nowhere.code, existsSync(file('three'))], [2, false]);
  });

  it('is not needed to show by when one asked: the line names the block that holds the digest of the bundle', async () => {
    const [record, bundle] = [file('proved.jsonl'), file('proved.bundle.json')];
    await user.succeed('proof', 'create', device, '-o', bundle, '--tiers', 'chain,recorded', '--record', record);
    const { recorded } = JSON.parse(readFileSync(record, 'utf8')) as { recorded: { block: number; txId: string } };
    const verify = ['proof', 'verify', bundle, '--trust', trust, '--data', file('nothing'), '--json'];
    const { tiers } = JSON.parse((await tracecal(verify)).stdout) as ProofAnswer;
    assert.ok(tiers.recorded.holds, JSON.stringify(tiers));
    assert.match(tiers.recorded.shows, new RegExp(`\\bblock ${recorded.block}\\b`));
    assert.match(recorded.txId, /^[0-9a-f]{64}$/);
  });

  it('of a technician holds, although reports named a device of the same id before', async () => {
    await user.succeed('technician', 'add', device, '--org', 'lab-alpha', '--quantities', 'temperature');
    const evidence = file('namesake.json');
    const { transactions } = await user.succeed<Audit>(
      ...['audit', device, '--kind', 'technician', '--evidence', evidence],
    );
    assert.deepEqual(transactions[0]?.statements[0]?.concerns, ['named']);
    await user.succeed('proof', 'verify', evidence, '--trust', trust);
  });

  it('tells until when an owner consents: to end a consent is to give it until today', async () => {
    const [today] = new Date().toISOString().split('T');
    for (const until of ['2030-12-31', today!]) {
      await user.succeed('consent', 'give', 'lab-alpha', '--as', 'oem-a', '--until', until);
    }
    const { stdout } = await tracecal(['audit', 'oem-a', '--data', user.data]);
    const said = stdout.replaceAll(/\s+/g, ' ');
    assert.match(said, /consent about organisation lab-alpha, by oem-a; until 2030-12-31;/);
    assert.match(said, new RegExp(`consent about organisation lab-alpha, by oem-a; until ${today};`));
  });

  it('of a device leaves out the standards above it, and names the bundle that shows the verdict', async () => {
    const [above, below] = standards;
    assert.equal((await user.succeed<Verdict>('trace', below)).status, 'TRACEABLE');
    await user.succeed('revoke', 'device', above, '--reason', 'out-of-tolerance', '--yes');
    const files = ['--page', file('below.html'), '--evidence', file('below.json')];
    const about = ['audit', below, '--trust', trust, '--data', user.data, ...files];
    const { stdout } = await tracecal(about);
    const verified = await tracecal(['proof', 'verify', file('below.json'), '--trust', trust]);
    assert.match(verified.stdout, /^HOLDS/);
    for (const text of [stdout, verified.stdout, readFileSync(file('below.html'), 'utf8')]) {
      assert.doesNotMatch(text, /revocation of/);
      assert.match(text.replaceAll(/\s+/g, ' '), /whether its calibration holds.*standards above it.*proof create/);
    }
    // The laboratory that signed the calibration has an audit of its own, and so has its certifier.
    const laboratory = await tracecal(['audit', 'lab-alpha', '--data', user.data]);
    assert.match(
      laboratory.stdout.replaceAll(/\s+/g, ' '),
      /does not tell what others said about its reports, devices/,
    );
    await user.succeed('proof', 'create', below, '-o', file('below.bundle.json'));
    const bundle = ['proof', 'verify', file('below.bundle.json'), '--trust', trust];
    const { verdict } = await user.no<{ verdict: Verdict }>(...bundle);
    assert.equal(verdict.status, 'FAILED');
  });
});
