import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, globalAgent } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/core/trace';
import { Authority, generateKeyPair, privateKeyPem, signerOf, validFor } from '@tracecal/pki';
import { CliUser } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

interface Imported {
  readonly report: string;
  readonly device: string;
}

/** Numbers that are found nowhere by chance. */
const SECRETS = ['20.017364', '0.2517263', '60.028475'];

/** Each scenario goes on where the one before it left off. */
describe('Readers of a confidential report', function () {
  this.timeout(240_000);
  let laboratory: CliUser;
  let customer: CliUser;
  let rival: CliUser;
  const today = new Date().toISOString().slice(0, 10);
  let files: string;
  let certificate: string;
  let parent: string;
  let report: string;
  let server: Server | undefined;

  const file = (name: string) => join(files, name);
  const bodies = () => join(laboratory.data, 'content', 'bodies');
  const bodyOf = (folder: string) => {
    const [name = ''] = readdirSync(folder).filter((each) => /^[0-9a-f]{64}\.jwe\.json$/.test(each));
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as { recipients: object[]; ciphertext: string };
  };

  before(async () => {
    files = temporaryFolder();
    laboratory = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature, scopes } = await startTemperatureConsortium(laboratory);
    const [institute, standard, sensor] = temperature;
    certificate = sensor;
    await laboratory.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprinted = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    const [taken] = await laboratory.succeed<{ report: string }[]>('dcc', 'import', standard, ...imprinted);
    parent = taken?.report ?? '';
    for (const [member, institutes] of [
      ['lab-beta', 'nmi-south'],
      ['oem-b', 'nmi-south'],
    ] as const) {
      await laboratory.succeed('org', 'add', member, '--certified-by', institutes);
    }
    await laboratory.succeed('scopes', 'grant', 'lab-beta', scopes, '--as', 'nmi-south');
    const own = ['--technician', 't-alpha', '--owner', 'oem-a', '--kind', 'field'];
    const plate = ['--serial', 'P-1', '--model', 'M', '--manufacturer', 'A'];
    await laboratory.succeed('device', 'add', 'private-sensor', ...own, ...plate);
    customer = memberOf(laboratory, join(temporaryFolder(), 'customer'), 'oem-a');
    rival = memberOf(laboratory, join(temporaryFolder(), 'rival'), 'lab-beta');
  });

  after(async () => {
    server?.close();
    delete globalAgent.options.ca;
    await laboratory.run('down');
    removeTemporaryFolders();
  });

  it('make keys, whose private halves stay with them', async () => {
    const made = await customer.succeed<{ key: string }>('keys', 'make', '--as', 'oem-a', '-o', file('oem-a.json'));
    await rival.succeed('keys', 'make', '--as', 'lab-beta', '-o', file('lab-beta.json'));
    const folder = join(customer.data, 'keys', 'readers', 'oem-a');
    assert.deepEqual(readdirSync(folder), ['current.key.pem']);
    assert.equal(statSync(join(folder, 'current.key.pem')).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const added = await laboratory.succeed<{ key: string; signer: string }>('keys', 'add', file('oem-a.json'));
    assert.deepEqual([added.key, added.signer], [made.key, 'officer:oem-a/officer']);
    const again = await customer.succeed<{ key: string }>('keys', 'make', '--as', 'oem-a', '-o', file('again.json'));
    assert.equal(again.key, made.key, 'only what is signed about it is new');
    assert.equal(await rival.fail(2, 'keys', 'make', '-o', file('nobody.json')), 'USAGE');
    assert.equal(await rival.fail(2, 'keys', 'make', '--as', 'oem-a', '-o', file('stolen.json')), 'KEYS_MISSING');
    const forged = JSON.parse(readFileSync(file('lab-beta.json'), 'utf8')) as { payload: string };
    const payload = Buffer.from(forged.payload, 'base64url').toString().replace('"lab-beta"', '"oem-a"');
    writeFileSync(
      file('forged.json'),
      JSON.stringify({ ...forged, payload: Buffer.from(payload).toString('base64url') }),
    );
    assert.equal(await laboratory.fail(7, 'keys', 'add', file('forged.json')), 'NOT_AUTHORISED');
    const [listed] = await laboratory.succeed<{ organisation: string; isOwn: boolean; flaw: string | null }[]>(
      ...['keys', 'list'],
    );
    assert.deepEqual([listed?.organisation, listed?.isOwn, listed?.flaw], ['oem-a', false, null]);
  });

  it('are told what a report is issued with, and nobody else is', async () => {
    const uncertainty = { expanded: 0.2517263, coverageFactor: 2, coverageProbability: 0.95 };
    const rows = [20.017364, 60.028475].map((value) => ({ value, uncertainty }));
    const results = ['Air', 'Bath'].map((name, place) => ({
      ...{ name, quantity: 'temperature', unit: '\\degreecelsius' },
      rows: rows.slice(place, place + 1),
    }));
    writeFileSync(file('results.json'), JSON.stringify(results));
    const issue = ['--device', 'private-sensor', '--technician', 't-alpha', '--results', file('results.json')];
    const made = ['--parent', parent, '--begin', today, '--reader', 'oem-a'];
    assert.equal(await laboratory.fail(2, 'report', 'issue', 'p-1', ...issue, ...made), 'USAGE');
    const stranger = ['--parent', parent, '--begin', today, '--private', '--reader', 'lab-beta'];
    assert.equal(await laboratory.fail(2, 'report', 'issue', 'p-1', ...issue, ...stranger), 'INPUT_INVALID');
    ({ report } = await laboratory.succeed<{ report: string }>(
      'report',
      'issue',
      'p-1',
      ...issue,
      ...made,
      '--private',
    ));
    assert.equal(readdirSync(bodies()).length, 1);
    assert.deepEqual(secretsBelow(bodies()), []);
    assert.deepEqual(secretsBelow(join(laboratory.data, 'crypto-config')), []);

    assert.equal(await customer.fail(2, 'report', 'read', report), 'INPUT_INVALID', 'it has to be fetched first');
    await customer.succeed('report', 'fetch', report, '--from', bodies());
    const told = await customer.succeed<{ results: { name: string }[]; disclosures: string[] }>(
      ...['report', 'read', report, '-o', file('disclosed')],
    );
    assert.deepEqual(told.results.map(({ name }) => name).sort(), ['Air', 'Bath']);
    const [disclosure = ''] = told.disclosures;
    assert.equal(statSync(disclosure).mode & 0o777, 0o600);
    const verdict = await customer.succeed<Verdict>('trace', 'lab-alpha/private-sensor', '--disclosure', disclosure);
    assert.equal(verdict.status, 'TRACEABLE');

    assert.equal(await rival.fail(2, 'report', 'fetch', report, '--from', bodies()), 'NOT_A_READER');
    assert.equal(await rival.fail(2, 'report', 'read', report, '--store', bodies()), 'NOT_A_READER');
    assert.ok(!existsSync(join(rival.data, 'content', 'bodies')));
    assert.equal((await rival.run('trace', 'lab-alpha/private-sensor')).code, 5);
  });

  it('are told later, without anything being encrypted again; some only a part, which grows', async () => {
    const before = bodyOf(bodies());
    assert.equal(await laboratory.fail(2, 'report', 'disclose', report, '--to', 'lab-beta'), 'INPUT_INVALID');
    assert.equal(await laboratory.fail(2, 'report', 'disclose', report, '--to', 'lab-bata'), 'USAGE');
    assert.ok(!existsSync('lab-bata') && !existsSync('lab-beta'), 'a mistyped reader is no file');
    await laboratory.succeed('keys', 'add', file('lab-beta.json'));
    const part = ['report', 'disclose', report, '--to', 'lab-beta', '--result'];
    const given = await laboratory.succeed<{ results: string[]; isComplete: boolean }>(...part, 'Bath');
    assert.deepEqual([given.results, given.isComplete], [['Bath'], false]);
    assert.deepEqual(bodyOf(bodies()), before, 'a part is a file of its own');
    const names = async () => {
      await rival.succeed('report', 'fetch', report, '--from', bodies());
      const { results } = await rival.succeed<{ results: { name: string }[] }>('report', 'read', report);
      return results.map(({ name }) => name).sort();
    };
    assert.deepEqual(await names(), ['Bath']);
    await laboratory.succeed(...part, 'Air');
    assert.deepEqual(await names(), ['Air', 'Bath']);

    await laboratory.succeed('report', 'disclose', report, '--to', 'lab-beta');
    const after = bodyOf(bodies());
    assert.equal(after.ciphertext, before.ciphertext);
    assert.deepEqual([before.recipients.length, after.recipients.length], [1, 2]);
    assert.deepEqual(after.recipients[0], before.recipients[0]);
    await rival.succeed('report', 'fetch', report, '--from', bodies());
    await rival.succeed('report', 'read', report, '-o', file('beta'));
    await rival.succeed('report', 'vouch', report, '--disclosure', file('beta/temperature.json'), '--as', 'lab-beta');
    assert.equal((await customer.run('trace', 'lab-alpha/private-sensor')).code, 4, 'ATTESTED');
  });

  it('fetch from a web site over TLS, and take nothing that is not what was signed', async () => {
    const { authority, certificate, key } = await siteOf('localhost');
    let answer: (name: string) => string | undefined = (name) =>
      existsSync(join(bodies(), name)) ? readFileSync(join(bodies(), name), 'utf8') : undefined;
    const asked: string[] = [];
    server = createServer({ cert: certificate, key }, (request, response) => {
      const name = (request.url ?? '').slice('/bodies/'.length);
      asked.push(`${request.method ?? ''} ${name}`);
      const content = answer(name);
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    await new Promise<void>((resolve) => server?.listen(0, 'localhost', resolve));
    const { port } = server.address() as AddressInfo;
    const from = ['report', 'fetch', report, '--store', file('copy'), '--from'];
    const site = `https://localhost:${port}/bodies`;
    assert.equal(await customer.fail(3, ...from, site), 'UNAVAILABLE', 'nobody knows its certificate');
    globalAgent.options.ca = authority;
    await customer.succeed(...from, site);
    assert.ok(
      asked.every((each) => /^GET [0-9a-f]{64}\.(?:[\w-]{43}\.)?jwe\.json$/.test(each)),
      asked.join(),
    );
    const { results } = await customer.succeed<{ results: object[] }>(
      'report',
      'read',
      report,
      '--store',
      file('copy'),
    );
    assert.equal(results.length, 2);
    const kept = secretless(file('copy'));
    answer = () => JSON.stringify({ ...bodyOf(bodies()), tag: 'A'.repeat(22) });
    assert.equal(await customer.fail(2, ...from, site), 'BODY_INVALID');
    answer = () => '{"recipients":[]}';
    assert.equal(await customer.fail(2, ...from, site), 'INPUT_INVALID');
    answer = () => undefined;
    assert.equal(await customer.fail(2, ...from, site), 'INPUT_INVALID');
    assert.deepEqual(secretless(file('copy')), kept);
    for (const place of ['http://localhost/bodies', 'https://user:word@localhost/', 'ftp://localhost/']) {
      assert.equal(await customer.fail(2, ...from, place), 'USAGE');
    }
  });

  it('read with an older key what was encrypted to it, after they made another', async () => {
    await customer.succeed('keys', 'make', '--as', 'oem-a', '--new-key', '-o', file('newer.json'));
    const { results } = await customer.succeed<{ results: object[] }>('report', 'read', report);
    assert.equal(results.length, 2);
    await laboratory.succeed('keys', 'add', file('newer.json'));
    assert.equal(await laboratory.fail(2, 'keys', 'add', file('oem-a.json')), 'INPUT_INVALID', 'no way back');
    const current = join(customer.data, 'keys', 'readers', 'oem-a', 'current.key.pem');
    chmodSync(current, 0o644);
    assert.equal(await customer.fail(2, 'report', 'read', report), 'KEY_EXPOSED');
    chmodSync(current, 0o600);
  });

  it('are told of a certificate that is imported in confidence, which nobody can guess by its digest', async () => {
    const original = createHash('sha256').update(readFileSync(certificate)).digest();
    const role = ['--technician', 't-alpha', '--owner', 'oem-a', '--private', '--reader', 'oem-a'];
    const [first] = await laboratory.succeed<Imported[]>('dcc', 'import', certificate, ...role);
    assert.ok(first);
    const [again] = await laboratory.succeed<Imported[]>('dcc', 'import', certificate, ...role);
    assert.equal(again?.report, first.report, 'it is known here that it was imported');
    const unnumbered = readFileSync(certificate, 'utf8').replace(/(<dcc:uniqueIdentifier>)[^<]*/, '$1---');
    writeFileSync(file('unnumbered.xml'), unnumbered);
    const refused = await laboratory.run('dcc', 'import', file('unnumbered.xml'), ...role);
    assert.equal(refused.code, 2);
    assert.match(JSON.stringify(refused.document), /has no number.*report issue NAME --private --dcc/);
    assert.equal((await customer.run('trace', first.device)).code, 5);
    const own = join(laboratory.data, 'content', 'confidential');
    const forms = ['hex', 'base64', 'base64url'].map((form) => original.toString(form as 'hex'));
    const named = holders(laboratory.data, forms).filter((path) => !path.startsWith(own));
    assert.deepEqual(named, []);
    await customer.succeed('report', 'fetch', first.report, '--from', bodies());
    await customer.succeed('report', 'read', first.report, '-o', file('imported'));
    const [disclosure = ''] = readdirSync(file('imported'));
    const told = ['--disclosure', join(file('imported'), disclosure)];
    assert.equal((await customer.succeed<Verdict>('trace', first.device, ...told)).status, 'TRACEABLE');

    await laboratory.succeed('requirements', 'set', '--as', 'oem-a', '--interval', '400');
    const check = ['requirements', 'check', first.device];
    assert.equal((await customer.run(...check)).code, 5);
    const { requirements } = await customer.succeed<Verdict>(...check, ...told);
    assert.deepEqual([requirements?.owner, requirements?.fulfilled], ['oem-a', true]);
  });

  it('are told what an amendment says, in another folder too', async () => {
    const results = ['--results', file('results.json'), '--parent', parent, '--begin', today];
    const made = ['--technician', 't-alpha', ...results, '--private', '--reader', 'oem-a', '--store', file('outbox')];
    const amended = await laboratory.succeed<{ report: string }>('report', 'amend', report, 'p-2', ...made, '--yes');
    assert.equal(readdirSync(file('outbox')).length, 1);
    await customer.succeed('report', 'fetch', amended.report, '--from', file('outbox'));
    const read = await customer.succeed<{ results: object[] }>('report', 'read', amended.report);
    assert.equal(read.results.length, 2);
    await laboratory.succeed('report', 'purge', amended.report, '--store', file('outbox'), '--yes');
    assert.deepEqual(readdirSync(file('outbox')), []);
  });

  it('keep what they have when the issuer purges the report', async () => {
    const { digest } = await laboratory.succeed<{ digest: string }>('report', 'show', report);
    await laboratory.succeed('report', 'purge', report, '--yes');
    assert.deepEqual(
      readdirSync(bodies()).filter((name) => name.startsWith(digest)),
      [],
    );
    assert.deepEqual(secretsBelow(join(laboratory.data, 'content')), []);
    assert.equal(await laboratory.fail(2, 'report', 'disclose', report, '--to', 'oem-a'), 'INPUT_INVALID');
    const { results } = await customer.succeed<{ results: object[] }>('report', 'read', report);
    assert.equal(results.length, 2);
  });

  function secretsBelow(folder: string): readonly string[] {
    return holders(folder, SECRETS);
  }

  function holders(folder: string, texts: readonly string[]): readonly string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => texts.some((text) => readFileSync(path).toString('latin1').includes(text)));
  }

  function secretless(folder: string): readonly string[] {
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  }
});

/** A data directory with a member's part of the network, and the key of its officer. */
function memberOf({ data: from }: CliUser, data: string, organisation: string): CliUser {
  const own = join('crypto-config', 'peerOrganizations', `${organisation}.example`);
  mkdirSync(data, { recursive: true });
  cpSync(join(from, 'consortium.yaml'), join(data, 'consortium.yaml'));
  cpSync(join(from, own), join(data, own), { recursive: true });
  const profile = join(data, own, `connection-${organisation}.json`);
  writeFileSync(profile, readFileSync(profile, 'utf8').replaceAll(from, data));
  const officers = join('keys', 'officers');
  mkdirSync(join(data, officers), { recursive: true, mode: 0o700 });
  for (const ending of ['key.pem', 'cert.pem']) {
    const name = `${encodeURIComponent(`${organisation}/officer`)}.${ending}`;
    cpSync(join(from, officers, name), join(data, officers, name));
  }
  return new CliUser(data);
}

/** A web site's certificate and key, and the certificate of its authority: PEM. */
async function siteOf(host: string) {
  const names = { organisation: 'Site', country: 'DE', validity: validFor(2) };
  const [root, own] = [generateKeyPair(), generateKeyPair()];
  const rootRequest = { ...names, commonName: 'ca.site', publicKey: root.publicKey };
  const authority = await Authority.createRoot(rootRequest, signerOf(root.privateKey));
  const certificate = await authority.issueTls({ ...names, commonName: host, publicKey: own.publicKey, hosts: [host] });
  return { authority: authority.certificate, certificate, key: privateKeyPem(own.privateKey) };
}
