import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/core/trace';
import { CliUser, datedExampleFiles } from '../support/commandLine.js';
import type { DatedExamples } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const TODAY = new Date().toISOString().slice(0, 10);

interface Signed {
  readonly missing: readonly string[];
}

/** Three data directories with keys of their own: an institute, a laboratory, and the laptop of its technician. */
describe('keys that lie in different data directories', function () {
  this.timeout(120_000);
  let institute: CliUser;
  let laboratory: CliUser;
  let laptop: CliUser;
  let examples: DatedExamples;
  let files: string;

  const file = (name: string) => join(files, name);

  /** Has a certifier make a certificate of somebody's request. */
  async function certify(
    requester: CliUser,
    kind: string,
    id: string,
    certifier: CliUser,
    by: string,
    ...more: string[]
  ) {
    const name = `${kind}-${id.replace('/', '-')}${more.join('')}`;
    const [request, certificate] = [file(`${name}.csr`), file(`${name}.pem`)];
    await requester.succeed('certificate', 'request', kind, id, '--output', request, ...more);
    await certifier.succeed('certificate', 'issue', kind, request, '--by', by, '--output', certificate);
    return requester.succeed<{ waits: boolean }>('certificate', 'install', kind, certificate);
  }

  before(async () => {
    const folder = temporaryFolder();
    files = temporaryFolder();
    examples = await datedExampleFiles();
    institute = new CliUser(join(folder, 'institute'));
    await institute.succeed('up', '--detach', '--ports', 'free');
    laboratory = memberOf(institute, join(folder, 'laboratory'), 'lab-alpha');
    laptop = memberOf(institute, join(folder, 'laptop'), 'lab-alpha');
    await institute.succeed('scopes', 'grant', 'nmi-north', examples.scopes);
    await institute.succeed('technician', 'add', 't-north', '--org', 'nmi-north', '--quantities', 'temperature');
    const [certificate] = examples.temperature;
    await institute.succeed('dcc', 'import', certificate, '--technician', 't-north', '--kind', 'standard');
    const rows = [{ value: 20, uncertainty: { expanded: 0.5, coverageFactor: 2, coverageProbability: 0.95 } }];
    const results = [{ name: 'T', quantity: 'temperature', unit: '\\degreecelsius', rows }];
    writeFileSync(file('results.json'), JSON.stringify(results));
  });

  after(async () => {
    await institute.run('down');
    removeTemporaryFolders();
  });

  it('register a laboratory whose certifier never sees its key', async () => {
    assert.equal(await laboratory.fail(2, 'org', 'add', 'lab-alpha', '--certified-by', 'nmi-north'), 'KEYS_MISSING');
    await certify(laboratory, 'organisation', 'lab-alpha', institute, 'nmi-north');
    const org = file('org.json');
    const { missing } = await laboratory.succeed<Signed>(
      ...['org', 'add', 'lab-alpha', '--certified-by', 'nmi-north', '--sign-only', org],
    );
    assert.deepEqual(missing, ['an officer of nmi-north']);
    const holders = ['institute', 'laboratory'].filter((place) =>
      existsSync(join(institute.data, '..', place, 'keys', 'organisations', 'lab-alpha.key.pem')),
    );
    assert.deepEqual(holders, ['laboratory']);
    await institute.succeed('statement', 'sign', org, '--as', 'nmi-north');
    await laboratory.succeed('statement', 'submit', org);
    await institute.succeed('scopes', 'grant', 'lab-alpha', examples.scopes, '--as', 'nmi-north');
  });

  it('register a technician who keeps their key to themselves', async () => {
    await certify(laptop, 'technician', 'lab-alpha/t-1', laboratory, 'lab-alpha');
    const person = file('person.json');
    const add = ['technician', 'add', 't-1', '--org', 'lab-alpha', '--quantities', 'temperature'];
    assert.equal(await laptop.fail(2, ...add), 'KEYS_MISSING', 'the laboratory has to sign');
    await laptop.succeed(...add, '--sign-only', person);
    await laboratory.succeed('statement', 'sign', person, '--as', 'lab-alpha');
    await laboratory.succeed('statement', 'submit', person);
  });

  it('imprint a device whose key stays with its owner', async () => {
    await certify(laboratory, 'device', 'lab-alpha/d-1', laptop, 't-1');
    const device = file('device.json');
    const described = ['--serial', 'D-1', '--model', 'D', '--manufacturer', 'D', '--kind', 'standard'];
    const { missing } = await laboratory.succeed<Signed>(
      ...['device', 'add', 'd-1', '--technician', 'lab-alpha/t-1', ...described, '--sign-only', device],
    );
    assert.deepEqual(missing, ['technician:lab-alpha/t-1']);
    await laptop.succeed('statement', 'sign', device, '--as', 'lab-alpha');
    await laptop.succeed('statement', 'submit', device);
  });

  it('make a verdict: the institute reports, the owner accepts, the technician reports with the standard', async () => {
    const content = ['--results', file('results.json'), '--begin', TODAY];
    const [parent = ''] = await reportsOf(institute);
    const first = ['report', 'issue', 'r-d-1', '--device', 'lab-alpha/d-1', '--technician', 't-north', ...content];
    await institute.succeed(...first, '--parent', parent);
    await laboratory.succeed('report', 'accept', 'nmi-north/r-d-1');
    assert.equal((await laboratory.succeed<Verdict>('trace', 'd-1')).status, 'TRACEABLE');

    await certify(laboratory, 'device', 'lab-alpha/x-1', laptop, 't-1');
    const [device, report] = [file('x-1.json'), file('r-x-1.json')];
    const described = ['--serial', 'X-1', '--model', 'X', '--manufacturer', 'X'];
    await laboratory.succeed(
      ...['device', 'add', 'x-1', '--technician', 'lab-alpha/t-1', ...described, '--sign-only', device],
    );
    await laptop.succeed('statement', 'sign', device, '--as', 'lab-alpha');
    await laptop.succeed('statement', 'submit', device);
    const second = ['report', 'issue', 'r-x-1', '--device', 'x-1', '--technician', 't-1', ...content];
    const { missing } = await laptop.succeed<Signed>(...second, '--parent', 'nmi-north/r-d-1', '--sign-only', report);
    assert.deepEqual(missing, ['device:lab-alpha/d-1']);
    assert.equal(await laptop.fail(2, 'anchor', report), 'KEYS_MISSING', 'a further signature would make it another');
    await laboratory.succeed('statement', 'sign', report, '--as', 'lab-alpha');
    await laboratory.succeed('statement', 'submit', report);
    await laboratory.succeed('report', 'accept', 'r-x-1');
    assert.equal((await laboratory.succeed<Verdict>('trace', 'x-1')).status, 'TRACEABLE');
  });

  it('are renewed in the same way: the new key waits until the registry has it', async () => {
    const { waits } = await certify(laptop, 'technician', 'lab-alpha/t-1', laboratory, 'lab-alpha', '--new-key');
    assert.equal(waits, true);
    const renewal = file('renewal.json');
    const { missing } = await laptop.succeed<Signed>(
      'technician',
      'authorise',
      't-1',
      '--new-key',
      '--sign-only',
      renewal,
    );
    assert.deepEqual(missing, ['an officer of lab-alpha']);
    await laboratory.succeed('statement', 'sign', renewal, '--as', 'lab-alpha');
    const waiting = () => readdirSync(join(laptop.data, 'keys', 'technicians', 'next')).length;
    assert.equal(waiting(), 2, 'the new key with its certificate');
    await laboratory.succeed('statement', 'submit', renewal);

    const report = file('r-x-2.json');
    const content = ['--results', file('results.json'), '--begin', TODAY, '--parent', 'nmi-north/r-d-1'];
    await laptop.succeed(
      ...['report', 'issue', 'r-x-2', '--device', 'x-1', '--technician', 't-1', ...content, '--sign-only', report],
    );
    assert.equal(waiting(), 0, 'the new one has taken the place of the old');
    await laboratory.succeed('statement', 'sign', report, '--as', 'lab-alpha');
    await laboratory.succeed('statement', 'submit', report);
    await laboratory.succeed('report', 'accept', 'r-x-2');
    const { status, edges } = await laboratory.succeed<Verdict>('trace', 'x-1');
    assert.deepEqual([status, edges[0]?.report], ['TRACEABLE', 'lab-alpha/r-x-2'], 'signed with the new key');
  });

  it('of a standard are renewed before its certificate ends; reports that the old key signed stay good', async () => {
    await certify(laboratory, 'device', 'lab-alpha/d-1', laptop, 't-1', '--new-key');
    const renewal = file('d-1.json');
    const { missing } = await laboratory.succeed<Signed>('device', 'renew', 'd-1', '--new-key', '--sign-only', renewal);
    assert.deepEqual(missing, ['technician:lab-alpha/t-1']);
    await laptop.succeed('statement', 'sign', renewal, '--as', 'lab-alpha');
    await laptop.succeed('statement', 'submit', renewal);
    assert.equal((await laboratory.succeed<Verdict>('trace', 'x-1')).status, 'TRACEABLE');

    const report = file('r-x-3.json');
    const content = ['--results', file('results.json'), '--begin', TODAY, '--parent', 'nmi-north/r-d-1'];
    await laptop.succeed(
      ...['report', 'issue', 'r-x-3', '--device', 'x-1', '--technician', 't-1', ...content, '--sign-only', report],
    );
    await laboratory.succeed('statement', 'sign', report, '--as', 'lab-alpha');
    await laboratory.succeed('statement', 'submit', report);
    await laboratory.succeed('report', 'accept', 'r-x-3');
    assert.equal((await laboratory.succeed<Verdict>('trace', 'x-1')).edges[0]?.report, 'lab-alpha/r-x-3');
  });

  it('of an organisation are renewed, and it certifies with the new one', async () => {
    await certify(laboratory, 'organisation', 'lab-alpha', institute, 'nmi-north', '--new-key');
    const renewal = file('lab-alpha.json');
    const { missing } = await laboratory.succeed<Signed>('org', 'renew', 'lab-alpha', '--sign-only', renewal);
    assert.deepEqual(missing, ['an officer of nmi-north']);
    await institute.succeed('statement', 'sign', renewal, '--as', 'nmi-north');
    await institute.succeed('statement', 'submit', renewal);
    const [request, issued] = [file('t-9.csr'), file('t-9.pem')];
    await laptop.succeed('certificate', 'request', 'technician', 'lab-alpha/t-9', '--output', request);
    await laboratory.succeed(
      ...['certificate', 'issue', 'technician', request, '--by', 'lab-alpha', '--output', issued],
    );
    const authority = readFileSync(join(laboratory.data, 'keys', 'organisations', 'lab-alpha.cert.pem'));
    assert.ok(
      new X509Certificate(readFileSync(issued)).verify(new X509Certificate(authority).publicKey) &&
        !existsSync(join(laboratory.data, 'keys', 'organisations', 'next', 'lab-alpha.key.pem')),
      'a certificate is signed with the key that is registered now',
    );
    assert.equal((await laboratory.succeed<Verdict>('trace', 'x-1')).status, 'TRACEABLE');

    await laboratory.succeed('technician', 'add', 't-2', '--org', 'lab-alpha', '--quantities', 'temperature');
    const device = ['--serial', 'X-2', '--model', 'X', '--manufacturer', 'X'];
    await laboratory.succeed('device', 'add', 'x-2', '--technician', 't-2', ...device);
    assert.equal((await laboratory.succeed<Verdict>('trace', 'x-1')).status, 'TRACEABLE');
  });

  it('of an institute are rolled over; who trusts the old root trusts the new one', async () => {
    const root = () => readFileSync(join(institute.data, 'keys', 'organisations', 'nmi-north.cert.pem'), 'utf8');
    const before = root();
    await institute.succeed('org', 'renew', 'nmi-north');
    assert.notEqual(root(), before);
    await institute.succeed('technician', 'add', 't-3', '--org', 'nmi-north', '--quantities', 'temperature');
    assert.equal((await institute.succeed<Verdict>('trace', 'x-1')).status, 'TRACEABLE');
  });

  it('make a certificate file a report of a device that belongs to somebody else', async () => {
    const [root, certificate] = examples.temperature;
    const imported = file('imported.json');
    const role = ['--technician', 't-north', '--owner', 'lab-alpha', '--kind', 'standard', '--sign-only', imported];
    assert.equal(await institute.fail(2, 'dcc', 'import', root, certificate, ...role), 'USAGE', 'one at a time');
    const [signed] = await institute.succeed<(Signed & { report: string; device: string; accepted: boolean })[]>(
      ...['dcc', 'import', certificate, ...role],
    );
    assert.ok(signed);
    assert.deepEqual([signed.missing, signed.accepted], [['an officer of lab-alpha'], false]);
    assert.equal(await institute.fail(6, 'history', signed.device), 'NOT_REGISTERED', 'nothing is registered yet');
    await laboratory.succeed('statement', 'sign', imported, '--as', 'lab-alpha');
    await laboratory.succeed('statement', 'submit', imported);
    await laboratory.succeed('report', 'accept', signed.report);
    const { status, edges } = await laboratory.succeed<Verdict>('trace', signed.device);
    assert.deepEqual([status, edges.length], ['TRACEABLE', 2], 'it rests on the root that was imported before');
  });

  it('accept a report that is signed together with the registration of its device', async () => {
    const imported = file('accepted.json');
    const [, , , certificate] = examples.temperature;
    const role = ['--technician', 't-north', '--sign-only', imported];
    const [signed] = await institute.succeed<(Signed & { device: string; accepted: boolean })[]>(
      ...['dcc', 'import', certificate, ...role],
    );
    assert.deepEqual([signed?.missing, signed?.accepted], [[], true]);
    const { statements } = await institute.succeed<{ statements: object[] }>('statement', 'submit', imported);
    assert.equal(statements.length, 2);
    const { edges } = (await institute.run('trace', signed?.device ?? '')).document as Verdict;
    assert.equal(edges[0]?.device, signed?.device, 'the trace begins at it, because it is accepted');
  });

  it('of a device in one directory with its technician are renewed at once', async () => {
    const device = ['--serial', 'N-1', '--model', 'N', '--manufacturer', 'N'];
    await institute.succeed('device', 'add', 'n-1', '--technician', 't-north', ...device);
    const pem = (what: string) =>
      readFileSync(join(institute.data, 'keys', 'devices', `nmi-north%2Fn-1.${what}.pem`), 'utf8');
    const [key, certificate] = [pem('key'), pem('cert')];
    await institute.succeed('device', 'renew', 'n-1');
    assert.equal(pem('key'), key);
    assert.notEqual(pem('cert'), certificate);
    await institute.succeed('device', 'renew', 'n-1', '--new-key');
    assert.notEqual(pem('key'), key);
  });
});

/** A data directory that has a member's part of the network and no calibration keys. */
function memberOf({ data: from }: CliUser, data: string, organisation: string): CliUser {
  const own = join('crypto-config', 'peerOrganizations', `${organisation}.example`);
  cpSync(join(from, 'consortium.yaml'), join(data, 'consortium.yaml'));
  cpSync(join(from, own), join(data, own), { recursive: true });
  const profile = join(data, own, `connection-${organisation}.json`);
  writeFileSync(profile, readFileSync(profile, 'utf8').replaceAll(from, data));
  return new CliUser(data);
}

async function reportsOf(user: CliUser): Promise<readonly string[]> {
  const found = await user.succeed<{ id: string }[]>('find', '--owner', 'nmi-north');
  const { edges } = await user.succeed<Verdict>('trace', found[0]?.id ?? '');
  return edges.map(({ report }) => report ?? '');
}
