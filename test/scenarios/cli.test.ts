import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Jws } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { expandedUnc, quantity, real, smallCertificate } from '../support/smallCertificate.js';
import { CliUser, datedExampleFiles, spawnTracecal, tracecal, type DatedExamples } from '../support/commandLine.js';

interface Outcome {
  readonly txId: string;
  readonly blockNumber: number;
}

interface Imported {
  readonly report: string;
  readonly device: string;
  readonly accepted: boolean;
  readonly parents: readonly { readonly kind: string }[];
  readonly certificateSha256: string;
  readonly results?: number;
  readonly omitted?: readonly { readonly name: string }[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

interface Founding {
  readonly statement: Jws;
}

/** The command line as its user has it, from an empty directory on. Each scenario goes on where the one before it left off. */
describe('a user of tracecal', function () {
  this.timeout(120_000);
  let user: CliUser;
  let examples: DatedExamples;

  async function trace(expected: 0 | 1 | 5 | 8, ...more: readonly string[]): Promise<Verdict> {
    const { code, document } = await user.run('trace', SENSOR, ...more);
    assert.equal(code, expected, JSON.stringify(document));
    return document as Verdict;
  }

  const SENSOR = 'TT20-10233';
  const STANDARD = 'PRT-2231';
  const reports = new Map<string, string>();

  const TODAY = new Date().toISOString().slice(0, 10);
  /** Issues a report of the laboratory about a device of the sensor maker. */
  const issue = (id: string, ...more: readonly string[]) =>
    user.succeed<{ report: string; accepted: boolean }>(
      ...[
        'report',
        'issue',
        id,
        '--device',
        'y-1',
        '--technician',
        't-lab-alpha',
        '--results',
        join(user.data, 'results.json'),
      ],
      ...['--begin', TODAY, '--parent', reports.get(examples.temperature[1]) ?? '', ...more],
    );

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    examples = await datedExampleFiles();
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('founds a registry by starting the network: the institutes sign, appoint officers, and are trusted', async () => {
    const { founding } = await user.succeed<{ founding: { what: string }[] }>('up', '--detach', '--ports', 'free');
    assert.deepEqual(
      founding.map(({ what }) => what),
      [
        'founding of the registry',
        ...['officer nmi-north/officer', 'officer nmi-south/officer', 'officer nmi-east/officer'],
      ],
    );
    const { roots, heartbeats } = await user.succeed<{ roots: { name: string }[]; heartbeats: { k: number } }>(
      ...['trust', 'show'],
    );
    assert.deepEqual(roots.map(({ name }) => name).sort(), ['nmi-east', 'nmi-north', 'nmi-south']);
    assert.equal(heartbeats.k, 2, 'a majority of them');
  });

  it('founds it once: the next start serves the same one, and completes what an earlier one left undone', async () => {
    const file = join(user.data, 'founding.json');
    const before = readFileSync(file, 'utf8');
    await user.succeed('down');
    rmSync(join(user.data, 'trust.json'));
    const { founding } = await user.succeed<{ founding: unknown[] }>('up', '--detach', '--ports', 'free');
    assert.deepEqual(founding, [], 'nothing was left for the ledger');
    assert.equal(readFileSync(file, 'utf8'), before);
    assert.ok(existsSync(join(user.data, 'trust.json')));
    assert.equal((JSON.parse(before) as Founding).statement.signatures.length, 3);
  });

  it('sees that every organisation reaches the registry, and cannot start a second network', async () => {
    const { organisations, configurationBytes } = await user.succeed<{
      organisations: { answers: boolean }[];
      configurationBytes: number;
    }>('status');
    assert.ok(configurationBytes > 10_000);
    assert.equal(organisations.length, 8);
    assert.ok(organisations.every(({ answers }) => answers));
    assert.equal(await user.fail(3, 'up', '--detach', '--ports', 'free'), 'ALREADY_RUNNING');
  });

  it('registers organisations and technicians, whose keys nobody else can read', async () => {
    const scopes = join(user.data, 'scopes.json');
    const [line] = JSON.parse(readFileSync(examples.scopes, 'utf8')) as object[];
    writeFileSync(scopes, JSON.stringify([{ ...line, min: -200, max: 1000 }]));
    await user.succeed('scopes', 'grant', 'nmi-north', scopes, '--number', 'KCDB-1');
    const { transactions } = await user.succeed<{ transactions: Outcome[] }>(
      ...['org', 'add', 'lab-alpha', '--certified-by', 'nmi-north', '--scopes', scopes],
    );
    assert.equal(transactions.length, 3, 'what it is, its officer and its accreditation');
    await user.succeed('org', 'add', 'oem-a', '--certified-by', 'lab-alpha');
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      const { technician } = await user.succeed<{ technician: string }>(
        ...['technician', 'add', `t-${organisation}`, '--org', organisation, '--quantities', 'temperature'],
      );
      assert.equal(technician, `${organisation}/t-${organisation}`);
    }
    const { lines } = await user.succeed<{ lines: { by: string; number: string | null }[] }>(
      ...['scopes', 'list', 'nmi-north'],
    );
    assert.deepEqual(
      lines.map(({ number }) => number),
      ['KCDB-1'],
    );
    const folder = join(user.data, 'keys', 'technicians');
    const keys = readdirSync(folder).filter((name) => name.endsWith('.key.pem'));
    assert.equal(keys.length, 3);
    assert.ok(keys.every((name) => (statSync(join(folder, name)).mode & 0o077) === 0));
    assert.equal(await user.fail(7, 'org', 'add', 'lab-alpha', '--certified-by', 'nmi-north'), 'ALREADY_EXISTS');
  });

  it('makes certificates reports, and each finds its parent by the digest of its file', async () => {
    const [institute, laboratory, factory, sensor] = examples.temperature;
    const steps = [
      [institute, 't-nmi-north', 't-nmi-north', 'standard'],
      [laboratory, 't-nmi-north', 't-lab-alpha', 'standard'],
      [factory, 't-lab-alpha', 't-oem-a', 'standard'],
      [sensor, 't-oem-a', 't-oem-a', 'field'],
    ] as const;
    for (const [file, technician, imprinter, kind] of steps) {
      const [imported] = await user.succeed<[Imported]>(
        ...['dcc', 'import', file, '--technician', technician, '--imprinter', imprinter, '--kind', kind],
      );
      assert.deepEqual(
        imported.parents.map((parent) => parent.kind),
        file === institute ? [] : ['report'],
      );
      assert.ok(imported.accepted, "the owner's key is here, too");
      reports.set(file, imported.report);
      const sha256 = imported.certificateSha256;
      const kept = readFileSync(join(user.data, 'content', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
      assert.deepEqual(kept, readFileSync(file), 'the file comes back byte for byte');
    }
    const [again] = await user.succeed<{ registeredBefore: boolean; report: string }[]>(
      ...['dcc', 'import', sensor, '--technician', 't-oem-a'],
    );
    assert.deepEqual([again?.registeredBefore, again?.report], [true, reports.get(sensor)], 'not registered twice');
  });

  it('is told what of a certificate a report does not hold, and refused one of which nothing would be left', async () => {
    const certificate = (id: string, ...quantities: readonly string[]) => {
      const file = join(temporaryFolder(), `${id}.xml`);
      writeFileSync(
        file,
        smallCertificate({ data: quantities.join('') })
          .toString()
          .replace('TEST-1', id),
      );
      return file;
    };
    const known = quantity('Warmth', real('20', '\\degreecelsius', expandedUnc('0.1')));
    const unknown = quantity('Force', real('20', 'kilopond', expandedUnc('0.1')));
    const args = ['dcc', 'import', '--technician', 't-nmi-north', '--kind', 'standard'];

    const [empty] = (await user.run(...args, certificate('EMPTY', unknown))).document as Imported[];
    assert.equal(empty?.error?.code, 'INPUT_INVALID');
    assert.match(empty.error.message, /Force: Its unit "kilopond" is not D-SI/);
    assert.deepEqual(await user.succeed('find', '--serial', 'S1'), [], 'its device is not registered either');
    const [told] = await user.succeed<Imported[]>(...args, certificate('PART', known, unknown));
    assert.deepEqual([told?.results, told?.omitted?.map(({ name }) => name)], [1, ['Result: Force']]);
    const environment = { TRACECAL_DATA: user.data };
    const { stdout } = await tracecal([...args, certificate('OTHER', known, unknown)], { environment });
    assert.match(stdout, /left out Result: Force: Its unit "kilopond"/);
  });

  it('traces a sensor over four levels to an institute that it trusts', async () => {
    const { status, levels, roots, device } = await trace(0);
    assert.deepEqual([status, levels, device], ['TRACEABLE', 4, 'oem-a/TT20-10233']);
    assert.deepEqual(
      roots.map(({ organisation }) => organisation),
      ['nmi-north'],
    );
    assert.equal((await trace(0, '--quantity', 'temperature')).quantity, 'temperature');
    assert.equal((await trace(5, '--quantity', 'mass')).status, 'INCOMPLETE');
    const { stdout } = await tracecal(['trace', SENSOR], { environment: { TRACECAL_DATA: user.data } });
    assert.equal(stdout.match(/✓/g)?.length, 5, 'four levels and one result');
    assert.match(stdout, /root nmi-north: certificate [0-9a-f]{16}…/);
  });

  it('does not trace to an institute that its trust file does not name', async () => {
    const trust = join(temporaryFolder(), 'trust.json');
    await user.succeed('trust', 'add', 'another', 'ab'.repeat(32), '--trust', trust);
    const { status, reason } = await trace(1, '--trust', trust);
    assert.equal(status, 'FAILED');
    assert.match(reason, /nmi-north is not among those that the question trusts/);
    assert.equal(await user.fail(2, 'trace', SENSOR, '--trust', join(trust, 'nowhere')), 'TRUST_MISSING');
  });

  it('demands a fresh sign of life of as many institutes as its trust file says, given over a sealed epoch', async () => {
    assert.equal((await trace(8, '--max-age', '1h')).status, 'FAILED');
    interface Given {
      readonly epoch: number;
      readonly sealed: Outcome;
      readonly heartbeats: readonly (Outcome & { readonly institute: string })[];
    }
    const { epoch, sealed } = await user.succeed<Given>('heartbeat', '--as', 'nmi-north');
    assert.equal(epoch, 0);
    const { status, reason } = await trace(8, '--max-age', '1h');
    assert.equal(status, 'FAILED');
    assert.match(
      reason,
      /^Of the 3 institutes that the question trusts, 1 gave .* \(nmi-north\); the question asks for 2/,
    );
    const shown = async (...more: readonly string[]) => {
      const { stdout } = await tracecal(['trace', SENSOR, ...more, '--data', user.data]);
      return stdout.replaceAll(/\s+/g, ' ');
    };
    assert.match(
      await shown(),
      /not checked: how fresh this is; --max-age asks for recent heartbeats of 2 of your roots/,
    );
    const old = await shown('--max-age', '1h');
    const hint = `\`tracecal heartbeat --as nmi-east --data ${user.data}\``;
    assert.ok(old.includes(`nmi-east: none was seen; it gives one with ${hint}`), old);
    const { heartbeats } = await user.succeed<Given>('heartbeat');
    assert.deepEqual(heartbeats.map(({ institute }) => institute).sort(), ['nmi-east', 'nmi-north', 'nmi-south']);
    const { txId, blockNumber } = sealed;
    const committed = { txId, state: 'committed', blockNumber, error: null };
    assert.deepEqual(await user.succeed('outcome', txId), committed, 'had its outcome been unknown');
    const seen = (await trace(0, '--max-age', '1h')).heartbeats;
    assert.deepEqual(
      seen.map(({ institute, epoch: over }) => [institute, over]),
      [
        ['nmi-east', 0],
        ['nmi-north', 0],
        ['nmi-south', 0],
      ],
    );
  });

  it('gives another heartbeat over the same epoch as long as the open one is not a minute old', async () => {
    const again = await user.succeed<{ epoch: number; sealed: null; uncovered: unknown; heartbeats: unknown[] }>(
      ...['heartbeat', '--as', 'nmi-south'],
    );
    assert.deepEqual([again.epoch, again.sealed, again.heartbeats.length], [0, null, 1]);
    assert.equal((again.uncovered as { epoch: number }).epoch, 1);
    assert.equal(await user.fail(2, 'heartbeat', '--as', 'lab-alpha'), 'USAGE');
  });

  it('amends a report, which its owner accepts; the old one stays readable', async () => {
    const [, , , sensor] = examples.temperature;
    const old = reports.get(sensor) ?? '';
    const options = ['--technician', 't-oem-a', '--dcc', sensor, '--issued', TODAY];
    await user.succeed('report', 'amend', old, 'AMENDED-1', '--yes', ...options);
    assert.equal((await trace(0)).edges[0]?.report, 'oem-a/AMENDED-1');
    const { entries } = await user.succeed<{ entries: { changes: { what: string }[] }[] }>('history', old);
    assert.deepEqual(
      entries.flatMap(({ changes }) => changes.map(({ what }) => what)),
      ['report', 'report'],
      'issued, and amended by another report',
    );
  });

  it('issues a report whose parent is a certificate on paper: attested where it is described, else incomplete', async () => {
    const results = join(user.data, 'results.json');
    const uncertainty = { expanded: 0.5, coverageFactor: 2, coverageProbability: 0.95 };
    const rows = [{ value: 20, uncertainty }];
    writeFileSync(results, JSON.stringify([{ name: 'T', quantity: 'temperature', unit: '\\degreecelsius', rows }]));
    const device = ['--technician', 't-oem-a', '--serial', 'X-1', '--model', 'X', '--manufacturer', 'X'];
    await user.succeed('device', 'add', 'x-1', ...device);
    const report = ['--technician', 't-oem-a', '--results', results, '--begin', TODAY];
    await user.succeed('report', 'issue', 'r-x', '--device', 'x-1', ...report, '--paper-parent', 'P-7');
    const named = await user.run('trace', 'x-1');
    assert.deepEqual([named.code, (named.document as Verdict).status], [5, 'INCOMPLETE']);
    const paper = join(user.data, 'paper.json');
    const certified = { kind: 'temperature', unit: '\\degreecelsius', from: 0, to: 50, U: 0.1, k: 2 };
    writeFileSync(paper, JSON.stringify({ number: 'P-7', laboratory: 'Old Lab', date: '2024-01-02', ...certified }));
    await user.succeed('report', 'issue', 'r-y', '--device', 'x-1', ...report, '--paper-parent', paper);
    const described = await user.run('trace', 'x-1');
    assert.deepEqual([described.code, (described.document as Verdict).status], [4, 'ATTESTED']);
    rmSync(paper);
  });

  it('finds devices, and everything that depends on a standard', async () => {
    const found = await user.succeed<{ id: string }[]>('find', '--serial', SENSOR);
    assert.deepEqual(
      found.map(({ id }) => id),
      ['oem-a/TT20-10233'],
    );
    const { devices } = await user.succeed<{ devices: { device: string }[] }>('affected', STANDARD);
    assert.deepEqual(devices.map(({ device }) => device).sort(), ['oem-a/RP4-0815', 'oem-a/TT20-10233']);
    assert.equal(await user.fail(6, 'affected', 'nothing-of-that-name'), 'NOT_REGISTERED');
  });

  it('cannot write as a member of a lower level, or say what another has to say', async () => {
    const add = ['technician', 'add', 't-x', '--org', 'oem-a', '--quantities', 'temperature'];
    assert.equal(await user.fail(7, ...add, '--via', 'oem-a'), 'NOT_AUTHORISED');
    const revoke = ['revoke', 'organisation', 'lab-alpha', '--reason', 'fraud', '--yes'];
    assert.equal(await user.fail(7, ...revoke, '--as', 'oem-a'), 'NOT_AUTHORISED');
    assert.equal(await user.fail(2, ...revoke, '--as', 'lab-beta'), 'KEYS_MISSING');
  });

  it('does not count a report before its owner has accepted it', async () => {
    const device = ['--technician', 't-lab-alpha', '--serial', 'Y-1', '--model', 'Y', '--manufacturer', 'Y'];
    await user.succeed('device', 'add', 'y-1', ...device, '--owner', 'oem-a', '--interval', '365');
    assert.equal((await issue('r-y-1', '--no-accept')).accepted, false);
    const { status, reason } = await user.answers<Verdict>(5, 'trace', 'y-1');
    assert.equal(status, 'INCOMPLETE', reason);
    await user.succeed('report', 'accept', 'r-y-1');
    assert.equal((await user.succeed<Verdict>('trace', 'y-1')).status, 'TRACEABLE');
  });

  it('fails where the owner has rejected it since', async () => {
    await user.succeed('report', 'reject', 'r-y-1', '--yes');
    const { status, reason } = await user.no<Verdict>('trace', 'y-1');
    assert.equal(status, 'FAILED');
    assert.match(reason, /oem-a, has rejected report lab-alpha\/r-y-1/);
  });

  it('counts at once what the owner has consented to beforehand', async () => {
    const consent = ['consent', 'give', 'lab-alpha', '--quantities', 'temperature', '--until', '2099-12-31'];
    assert.equal(await user.fail(2, ...consent), 'USAGE', 'somebody has to say it');
    await user.succeed(...consent, '--as', 'oem-a', '--devices', 'y-1');
    assert.equal((await issue('r-y-2', '--no-accept')).accepted, true);
    assert.equal((await user.succeed<Verdict>('trace', 'y-1')).status, 'TRACEABLE');
  });

  it('is due again by the interval that the owner sets', async () => {
    await user.succeed('device', 'set-interval', 'y-1', '1');
    const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const { reason } = await user.no<Verdict>('trace', 'y-1', '--as-of', inThreeDays);
    assert.match(reason, /due/);
    await user.succeed('device', 'set-interval', 'y-1', 'none');
    await user.succeed('trace', 'y-1', '--as-of', inThreeDays);
  });

  it('passes statements on as files: others sign them, any member submits them', async () => {
    const file = join(temporaryFolder(), 'transfer.json');
    const { signed, missing } = await user.succeed<{ signed: string; missing: string[] }>(
      ...['device', 'transfer', 'y-1', '--to', 'lab-alpha', '--sign-only', file],
    );
    assert.deepEqual([signed, missing], [file, []], 'both keys are here');
    assert.equal(
      await user.fail(2, 'device', 'transfer', 'y-1', '--to', 'oem-a', '--sign-only', file),
      'FILE_UNWRITABLE',
    );
    const { items } = JSON.parse(readFileSync(file, 'utf8')) as { items: { statement: Jws }[] };
    const [item] = items;
    const [first] = item?.statement.signatures ?? [];
    const one = { items: [{ statement: { ...item?.statement, signatures: [first] } }] };
    writeFileSync(file, JSON.stringify(one));

    const { statements } = await user.succeed<{ statements: { signers: string[] }[] }>('statement', 'show', file);
    assert.deepEqual(statements[0]?.signers, ['officer:oem-a/officer']);
    assert.equal(await user.fail(2, 'statement', 'submit', file), 'KEYS_MISSING');
    assert.equal(await user.fail(2, 'statement', 'sign', file, '--as', 'nmi-south'), 'INPUT_INVALID');
    assert.equal(await user.fail(2, 'statement', 'sign', file), 'USAGE');
    const { added } = await user.succeed<{ added: number }>('statement', 'sign', file, '--as', 'lab-alpha');
    assert.equal(added, 1);
    await user.succeed('statement', 'submit', file, '--via', 'nmi-south');
    const [device] = await user.succeed<{ owner: string }[]>('find', '--serial', 'Y-1');
    assert.equal(device?.owner, 'lab-alpha');
    const again = await user.succeed<{ transactions: object[] }>('statement', 'submit', file);
    assert.deepEqual(again.transactions, [], 'it is there already');
  });

  it('signs nothing for another registry, even if a file or a ledger names it', async () => {
    const file = join(temporaryFolder(), 'interval.json');
    await user.succeed('device', 'set-interval', 'y-1', '90', '--sign-only', file);
    const { statements } = await user.succeed<{ statements: { statement: { registry: string } }[] }>(
      ...['statement', 'show', file],
    );
    const [shown] = statements;
    assert.match(shown?.statement.registry ?? '', /^calibration:[0-9a-f]{64}$/);
    const { items } = JSON.parse(readFileSync(file, 'utf8')) as { items: { statement: Jws }[] };
    const [item] = items;
    const payload = Buffer.from(item?.statement.payload ?? '', 'base64url').toString();
    const foreign = payload.replace(/"calibration:[0-9a-f]{64}"/, `"calibration:${'0'.repeat(64)}"`);
    writeFileSync(
      file,
      JSON.stringify({
        items: [{ statement: { ...item?.statement, payload: Buffer.from(foreign).toString('base64url') } }],
      }),
    );
    assert.equal(await user.fail(2, 'statement', 'sign', file, '--as', 'lab-alpha'), 'OTHER_REGISTRY');

    const founding = join(user.data, 'founding.json');
    const text = readFileSync(founding, 'utf8');
    const other = { ...(JSON.parse(text) as Founding) };
    writeFileSync(founding, JSON.stringify({ ...other, statement: item?.statement }));
    assert.equal(await user.fail(2, 'device', 'set-interval', 'y-1', '90'), 'OTHER_REGISTRY');
    writeFileSync(founding, text);
  });

  it('changes what a technician may sign for, and renews their key: what they signed before stays good', async () => {
    const pem = () => readFileSync(join(user.data, 'keys', 'technicians', 'oem-a%2Ft-oem-a.cert.pem'), 'utf8');
    const before = pem();
    await user.succeed('technician', 'authorise', 't-oem-a', '--quantities', 'temperature,mass', '--new-key');
    assert.notEqual(pem(), before);
    await trace(0);
    const device = ['--technician', 't-oem-a', '--serial', 'Z-1', '--model', 'Z', '--manufacturer', 'Z'];
    await user.succeed('device', 'add', 'z-1', ...device);
    await user.succeed('officer', 'add', 'deputy', '--org', 'oem-a');
    await user.succeed('revoke', 'officer', 'oem-a/officer', '--reason', 'cessation', '--yes');
    await user.succeed('device', 'set-interval', 'z-1', '100');
  });

  it('renews an accreditation, from the day after its last one on', async () => {
    interface Lines {
      readonly lines: readonly { readonly scope: { readonly validFrom: string; readonly validTo: string } }[];
    }
    const scopes = async () =>
      (await user.succeed<Lines>('scopes', 'list', 'lab-alpha')).lines.map(({ scope }) => scope);
    const [first] = await scopes();
    const until = `${Number(first?.validTo.slice(0, 4)) + 4}-12-31`;
    const { lines } = await user.succeed<{ lines: number }>('scopes', 'renew', 'lab-alpha', '--until', until);
    const [old, renewed] = await scopes();
    assert.deepEqual([lines, old, renewed?.validTo], [1, first, until]);
    assert.ok((renewed?.validFrom ?? '') > (first?.validTo ?? ''));
    await trace(0);
    assert.equal(
      await user.fail(2, 'scopes', 'renew', 'lab-alpha', '--until', until),
      'INPUT_INVALID',
      'it lasts so long',
    );
  });

  it('reduces an accreditation: what was calibrated until then stays covered', async () => {
    const reduce = ['scopes', 'reduce', 'lab-alpha', '--quantity', 'temperature', '--yes', '--until'];
    const soon = `${new Date().getUTCFullYear() + 2}-12-31`;
    const { lines } = await user.succeed<{ lines: number }>(...reduce, soon);
    assert.equal(lines, 2, 'the first line, and the renewed one');
    await trace(0);
    const sooner = `${new Date().getUTCFullYear() + 1}-12-31`;
    assert.equal(await user.fail(2, ...reduce, sooner, '--as', 'lab-alpha'), 'INPUT_INVALID', 'it granted nothing');
  });

  // After all that is calibrated today: no work of a day counts on which a standard or a technician was suspended.
  it('sees a suspension at the very next trace, and its end as well', async () => {
    await user.succeed('suspend', 'device', STANDARD, '--reason', 'out-of-tolerance', '--yes');
    assert.match((await trace(1)).reason, /PRT-2231 is suspended/);
    assert.equal(await user.fail(2, 'reinstate', 'device', 'RP4-0815'), 'INPUT_INVALID', 'it is not suspended');
    await user.succeed('reinstate', 'device', STANDARD);
    await trace(0);
    const suspend = ['suspend', 'technician', 't-lab-alpha', '--as', 'nmi-north'];
    await user.succeed(...suspend, '--reason', 'unspecified', '--yes');
    await trace(1);
    await user.succeed('reinstate', 'person', 't-lab-alpha');
    await trace(0);
  });

  it('shows a revocation permanently, but not before it took effect', async () => {
    const before = await user.succeed<{ asOf: string }>('trace', SENSOR);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await user.succeed('revoke', 'device', STANDARD, '--reason', 'out-of-tolerance', '--yes');
    assert.equal((await trace(1)).status, 'FAILED');
    await trace(0, '--as-of', before.asOf);
    await trace(0, '--known-at', before.asOf);
    assert.equal(await user.fail(2, 'reinstate', 'device', STANDARD), 'INPUT_INVALID');
  });

  it('admits a further institute by a majority of the others, and trusts it when it says so', async () => {
    const described = ['--kind', 'NMI', '--name', 'West', '--country', 'FR', '--msp', 'NmiWestMSP'];
    const scopes = ['--scopes', examples.scopes];
    assert.equal(await user.fail(2, 'org', 'add', 'nmi-west', ...described, ...scopes), 'USAGE', 'it is not one yet');
    await user.succeed('org', 'add', 'nmi-west', ...described);
    await user.succeed('scopes', 'grant', 'nmi-west', examples.scopes);
    await user.succeed('technician', 'add', 't-west', '--org', 'nmi-west', '--quantities', 'temperature');
    const device = ['--serial', 'W-1', '--model', 'W', '--manufacturer', 'W', '--kind', 'standard'];
    await user.succeed('device', 'add', 'w-1', '--technician', 't-west', ...device);
    const results = ['--results', join(user.data, 'results.json'), '--begin', TODAY];
    await user.succeed('report', 'issue', 'r-w', '--device', 'w-1', '--technician', 't-west', ...results);
    const { reason } = await user.no<Verdict>('trace', 'w-1');
    assert.match(reason, /nmi-west is not among those that the question trusts/);
    await user.succeed('trust', 'add', 'nmi-west', join(user.data, 'keys', 'organisations', 'nmi-west.cert.pem'));
    await user.succeed('trace', 'w-1');
  });

  it('signs for a technician without submitting, and has a member submit it later', async () => {
    const file = join(temporaryFolder(), 'technician.json');
    const add = ['technician', 'add', 't-2', '--org', 'oem-a', '--quantities', 'temperature'];
    const { missing } = await user.succeed<{ missing: string[] }>(...add, '--sign-only', file);
    assert.deepEqual(missing, []);
    assert.equal(await user.fail(6, 'history', 't-2'), 'NOT_REGISTERED', 'nothing is registered yet');
    await user.succeed('statement', 'submit', file);
    await user.succeed('history', 't-2');
  });

  it('gives heartbeats until it is told to end', async () => {
    const child = spawnTracecal(['heartbeat', '--every', '60s', '--data', user.data, '--as', 'nmi-south']);
    const ended = once(child, 'exit');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    assert.match(line.toString(), /Epoch \d is sealed|Heartbeat of nmi-south over epoch/);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });

  it('makes an institute fall, by the word of the others', async () => {
    await user.succeed('suspend', 'organisation', 'nmi-east', '--reason', 'key-compromise', '--yes');
    const { entries } = await user.succeed<{ entries: { changes: { what: string }[] }[] }>('history', 'nmi-east');
    assert.equal(entries.at(-1)?.changes[0]?.what, 'suspension');
    const standing = () => user.succeed<{ heartbeats: { institute: string }[] }>('heartbeat');
    const institutes = (await standing()).heartbeats.map(({ institute }) => institute).sort();
    assert.deepEqual(institutes, ['nmi-north', 'nmi-south', 'nmi-west'], 'its sign of life counts no more');
    await user.succeed('reinstate', 'organisation', 'nmi-east');
    assert.equal((await standing()).heartbeats.length, 4);
  });

  it('finds everything as it was after the network was stopped and started again', async () => {
    assert.deepEqual(await user.succeed('down'), { stopped: true });
    assert.equal(await user.fail(3, 'trace', SENSOR), 'NETWORK_DOWN');
    await user.succeed('up', '--detach', '--ports', 'free');
    assert.match((await trace(1)).reason, /PRT-2231 is revoked/);
  });

  it('cannot bring the data up on another engine', async () => {
    await user.succeed('down');
    assert.equal(await user.fail(2, 'up', '--detach', '--engine', 'native'), 'OTHER_ENGINE');
  });

  it('deletes the network when it is sure, and nothing else', async () => {
    await user.succeed('up', '--detach', '--ports', 'free');
    assert.equal(await user.fail(2, 'reset'), 'NOT_CONFIRMED');
    await trace(1);
    assert.deepEqual(await user.succeed('reset', '--yes'), { reset: true, data: user.data });
    assert.deepEqual(readdirSync(user.data).sort(), ['results.json', 'scopes.json'], 'the files of this test');
    assert.deepEqual(await user.succeed('reset', '--yes'), { reset: false, data: user.data });
  });
});
