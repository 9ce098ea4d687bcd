import assert from 'node:assert/strict';
import { readFileSync, statSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/chaincode/trace';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { expandedUnc, quantity, real, smallCertificate } from '../support/smallCertificate.js';
import { CliUser, exampleFiles, tracecal } from '../support/commandLine.js';

interface Outcome {
  readonly txId: string;
  readonly blockNumber: number;
}

interface ImportOutcome {
  readonly results?: number;
  readonly omitted?: readonly { readonly name: string }[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The command line as its user has it, from an empty directory on. Each scenario goes on where the one before it left off. */
describe('a user of tracecal', function () {
  this.timeout(120_000);
  let user: CliUser;

  async function trace(expected: 0 | 1, ...more: readonly string[]): Promise<Verdict> {
    const { code, document } = await user.run('trace', SENSOR, ...more);
    assert.equal(code, expected, JSON.stringify(document));
    return document as Verdict;
  }

  const SENSOR = 'TT20-10233';
  const STANDARD = 'PRT-2231';
  const [institute = '', laboratory = '', factory = '', sensor = ''] = exampleFiles().filter((file) =>
    file.includes('temperature'),
  );

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free');
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('sees that every organisation reaches the registry, and cannot start a second network', async () => {
    const { organisations } = await user.succeed<{ organisations: { answers: boolean }[] }>('status');
    assert.equal(organisations.length, 7);
    assert.ok(organisations.every(({ answers }) => answers));
    assert.equal(await user.fail(3, 'up', '--detach', '--ports', 'free'), 'ALREADY_RUNNING');
  });

  it('registers organisations and technicians, whose keys nobody else can read', async () => {
    const scopes = join(user.data, 'scopes.json');
    const line = { quantity: 'temperature', unit: '\\degreecelsius', min: -200, max: 1000 };
    const rest = { cmc: { absolute: 0.0001, relative: 0 }, validFrom: '2020-01-01', validTo: '2040-12-31' };
    writeFileSync(scopes, JSON.stringify([{ ...line, ...rest }]));
    await user.succeed('org', 'add', 'nmi-north', '--scopes', scopes);
    await user.succeed('org', 'add', 'nmi-south', '--scopes', scopes);
    await user.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north', '--scopes', scopes);
    await user.succeed('org', 'add', 'oem-a', '--certified-by', 'lab-alpha');
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      await user.succeed(
        ...['technician', 'add', `t-${organisation}`, '--org', organisation, '--quantities', 'temperature'],
      );
    }
    const folder = join(user.data, 'keys', 'technicians');
    const keys = readdirSync(folder).filter((name) => name.endsWith('.key.pem'));
    assert.equal(keys.length, 3);
    assert.ok(keys.every((name) => (statSync(join(folder, name)).mode & 0o077) === 0));
  });

  it('makes certificates reports, and each finds its parent by the digest of its file', async () => {
    const steps = [
      [institute, 't-nmi-north', 't-nmi-north', 'standard'],
      [laboratory, 't-nmi-north', 't-lab-alpha', 'standard'],
      [factory, 't-lab-alpha', 't-oem-a', 'standard'],
      [sensor, 't-oem-a', 't-oem-a', 'field'],
    ] as const;
    for (const [file, technician, imprinter, kind] of steps) {
      const [imported] = await user.succeed<[{ parents: { kind: string }[]; certificateSha256: string }]>(
        ...['dcc', 'import', file, '--technician', technician, '--imprinter', imprinter, '--kind', kind],
      );
      assert.deepEqual(
        imported.parents.map((parent) => parent.kind),
        file === institute ? [] : ['report'],
      );
      const sha256 = imported.certificateSha256;
      const kept = readFileSync(join(user.data, 'content', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
      assert.deepEqual(kept, readFileSync(file), 'the file comes back byte for byte');
    }
    const { code, document } = await user.run('dcc', 'import', sensor, '--technician', 't-oem-a');
    assert.equal(code, 2, 'the same file is not registered twice');
    assert.equal((document as { ok: boolean }[])[0]?.ok, false);
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

    const [empty] = (await user.run(...args, certificate('EMPTY', unknown))).document as ImportOutcome[];
    assert.equal(empty?.error?.code, 'INPUT_INVALID');
    assert.match(empty.error.message, /Force: "kilopond" is not a D-SI unit/);
    assert.deepEqual(await user.succeed('find', '--serial', 'S1'), [], 'its device is not registered either');
    const [told] = await user.succeed<ImportOutcome[]>(...args, certificate('PART', known, unknown));
    assert.deepEqual([told?.results, told?.omitted?.map(({ name }) => name)], [1, ['Force']]);
    const environment = { TRACECAL_DATA: user.data };
    const { stdout } = await tracecal([...args, certificate('OTHER', known, unknown)], { environment });
    assert.match(stdout, /left out Force: "kilopond"/);
  });

  it('traces a sensor over four levels to the institute', async () => {
    const { status, levels, roots } = await trace(0);
    assert.deepEqual([status, levels, roots], ['TRACEABLE', 4, ['nmi-north']]);
    const { stdout } = await tracecal(['trace', SENSOR], { environment: { TRACECAL_DATA: user.data } });
    assert.equal(stdout.match(/✓/g)?.length, 4);
  });

  it('demands a fresh sign of life of the institute', async () => {
    assert.equal((await trace(1, '--max-age', '1h')).status, 'FAILED');
    const { txId, blockNumber } = await user.succeed<Outcome>('heartbeat', 't-nmi-north');
    const committed = { txId, state: 'committed', blockNumber, error: null };
    assert.deepEqual(await user.succeed('outcome', txId), committed, 'had its outcome been unknown');
    assert.equal((await trace(0, '--max-age', '1h')).heartbeats[0]?.nmi, 'nmi-north');
  });

  it('sees a suspension at the very next trace, and its end as well', async () => {
    await user.succeed('suspend', 'device', STANDARD, '--reason', 'out-of-tolerance');
    assert.match((await trace(1)).reason, /PRT-2231 is suspended/);
    await user.succeed('reinstate', 'device', STANDARD);
    await trace(0);
  });

  it('amends a report; the old one stays readable', async () => {
    const options = ['--technician', 't-oem-a', '--dcc', sensor, '--issued', '2026-02-20'];
    await user.succeed('report', 'amend', 'EXAMPLE-OEMA-T-2026-10233', 'AMENDED-1', ...options);
    assert.equal((await trace(0)).edges[0]?.report, 'AMENDED-1');
    const { entries } = await user.succeed<{ entries: { changes: { what: string }[] }[] }>(
      ...['history', 'EXAMPLE-OEMA-T-2026-10233'],
    );
    assert.deepEqual(
      entries.flatMap(({ changes }) => changes.map(({ what }) => what)),
      ['registered', 'amended'],
    );
  });

  it('issues a report whose parent is a certificate on paper: that is attested, not traceable', async () => {
    const results = join(user.data, 'results.json');
    const uncertainty = { expanded: 0.5, coverageFactor: 2, coverageProbability: 0.95 };
    const points = [{ value: 20, uncertainty }];
    writeFileSync(results, JSON.stringify([{ name: 'T', quantity: 'temperature', unit: '\\degreecelsius', points }]));
    const device = ['--technician', 't-oem-a', '--serial', 'X-1', '--model', 'X', '--manufacturer', 'X'];
    await user.succeed('device', 'add', 'x-1', ...device);
    const report = ['--technician', 't-oem-a', '--results', results, '--begin', '2026-03-01'];
    await user.succeed('report', 'issue', 'r-x', '--device', 'x-1', ...report, '--paper-parent', 'P-7');
    const { code, document } = await user.run('trace', 'x-1');
    assert.deepEqual([code, (document as Verdict).status], [1, 'ATTESTED']);
  });

  it('finds devices, and whatever rests on a standard', async () => {
    const found = await user.succeed<{ id: string }[]>('find', '--serial', SENSOR);
    assert.deepEqual(
      found.map(({ id }) => id),
      [SENSOR],
    );
    const { devices } = await user.succeed<{ devices: { device: string }[] }>('affected', STANDARD);
    assert.deepEqual(devices.map(({ device }) => device).sort(), ['RP4-0815', SENSOR]);
    assert.equal(await user.fail(2, 'affected', 'nothing-of-that-name'), 'INPUT_INVALID');
  });

  it('cannot write for a level above its own, whatever the client thinks', async () => {
    const args = ['technician', 'add', 't-x', '--org', 'oem-a', '--quantities', 'temperature', '--as', 'oem-a'];
    assert.equal(await user.fail(3, ...args), 'NOT_PERMITTED');
    assert.equal(await user.fail(3, 'revoke', 'organisation', 'lab-alpha', '--as', 'lab-beta'), 'NOT_AUTHORISED');
  });

  it('reduces an accreditation: what was calibrated until then stays covered', async () => {
    const reduce = ['org', 'reduce-scopes', 'lab-alpha', '--quantity', 'temperature', '--until'];
    const { scopes } = await user.succeed<{ scopes: number }>(...reduce, '2030-12-31');
    assert.equal(scopes, 1);
    await trace(0);
    assert.equal(await user.fail(2, ...reduce, '2030-12-31'), 'INPUT_INVALID');
    assert.equal(await user.fail(3, ...reduce, '2029-12-31', '--as', 'lab-alpha'), 'NOT_AUTHORISED');
  });

  it('sees a revocation for good, but not before it took effect', async () => {
    const before = await user.succeed<{ asOf: string }>('trace', SENSOR);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await user.succeed('revoke', 'device', STANDARD, '--reason', 'out-of-tolerance');
    assert.equal((await trace(1)).status, 'FAILED');
    await trace(0, '--as-of', before.asOf);
    assert.equal(await user.fail(2, 'reinstate', 'device', STANDARD), 'STANDING_INVALID');
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
