import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Item } from '@tracecal/core/model';
import { CliUser, datedExampleFiles, tracecal } from '../support/commandLine.js';
import type { DatedExamples } from '../support/commandLine.js';
import { expandedUnc, quantity, real, smallCertificate } from '../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const TODAY = new Date().toISOString().slice(0, 10);

interface Failed {
  readonly error: { readonly code: string; readonly message: string };
}

/** What goes wrong on an ordinary day, and what the user is told. Each scenario goes on where the one before it left off. */
describe("a user's ordinary day", function () {
  this.timeout(120_000);
  let user: CliUser;
  let examples: DatedExamples;
  let files: string;

  const file = (name: string) => join(files, name);
  const itemsIn = (path: string) => (JSON.parse(readFileSync(path, 'utf8')) as { items: Item[] }).items;

  /** What a command that is refused says. */
  async function refusal(exit: number, ...args: readonly string[]): Promise<string> {
    const { code, document, stderr } = await user.run(...args);
    assert.equal(code, exit, stderr);
    return (document as Failed).error.message;
  }

  before(async () => {
    files = temporaryFolder();
    examples = await datedExampleFiles();
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free');
    await user.succeed('scopes', 'grant', 'nmi-north', examples.scopes);
    for (const organisation of ['lab-alpha', 'oem-a']) {
      await user.succeed('org', 'add', organisation, '--certified-by', 'nmi-north');
    }
    await user.succeed('scopes', 'grant', 'lab-alpha', examples.scopes, '--as', 'nmi-north');
    await user.succeed('technician', 'add', 't-north', '--org', 'nmi-north', '--quantities', 'temperature');
    await user.succeed('technician', 'add', 't-alpha', '--org', 'lab-alpha', '--quantities', 'temperature');
    const device = ['--serial', 'X-1', '--model', 'X', '--manufacturer', 'X', '--owner', 'oem-a'];
    await user.succeed('device', 'add', 'x-1', '--technician', 't-alpha', ...device);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('submits a file again that stopped half way: what is there is left out, the rest is registered', async () => {
    const interval = file('interval.json');
    const consent = file('consent.json');
    await user.succeed('device', 'set-interval', 'x-1', '100', '--sign-only', interval);
    const give = ['consent', 'give', 'lab-alpha', '--as', 'oem-a', '--devices', 'x-1', '--until', TODAY];
    await user.succeed(...give, '--sign-only', consent);
    const both = file('both.json');
    writeFileSync(both, JSON.stringify({ items: [...itemsIn(interval), ...itemsIn(consent)] }));
    await user.succeed('statement', 'submit', interval);

    interface Submitted {
      readonly statements: readonly { readonly alreadyRegistered: boolean }[];
      readonly transactions: readonly object[];
    }
    const first = await user.succeed<Submitted>('statement', 'submit', both);
    assert.deepEqual(
      first.statements.map(({ alreadyRegistered }) => alreadyRegistered),
      [true, false],
    );
    assert.equal(first.transactions.length, 1);
    const second = await user.succeed<Submitted>('statement', 'submit', both);
    assert.deepEqual(second.transactions, []);
    const { stdout } = await tracecal(['statement', 'submit', both, '--data', user.data]);
    assert.equal(stdout.match(/was there already/g)?.length, 2);
  });

  it('is told to make a statement again whose place another has taken', async () => {
    const late = file('late.json');
    await user.succeed('device', 'set-interval', 'x-1', '50', '--sign-only', late);
    await user.succeed('device', 'set-interval', 'x-1', '60');
    const message = await refusal(7, 'statement', 'submit', late);
    assert.match(message, /make it again, with the command that made it/);
    assert.doesNotMatch(message, /sign it with number/);
  });

  it('signs as nobody but the organisation that --as names', async () => {
    const interval = ['device', 'set-interval', 'x-1', '30'];
    assert.match(await refusal(2, ...interval, '--as', 'lab-alpha'), /lab-alpha does not own device .*x-1: oem-a does/);
    await user.succeed(...interval, '--as', 'oem-a');
    const add = ['technician', 'add', 't-2', '--org', 'lab-alpha', '--quantities', 'temperature'];
    assert.match(
      await refusal(2, ...add, '--as', 'oem-a'),
      /lab-alpha\/t-2 does not belong to oem-a, but to lab-alpha/,
    );
  });

  it('imports no certificate half: what would be refused is known before its device is registered', async () => {
    const certificate = (name: string, kind: string, value: string) => {
      writeFileSync(file(name), smallCertificate({ data: quantity(kind, value) }));
      return file(name);
    };
    const heavy = certificate('heavy.xml', 'Mass', real('20', '\\kilogram', expandedUnc('0.1')));
    const exact = certificate('exact.xml', 'Temperature', real('20', '\\degreecelsius', expandedUnc('0')));
    for (const [path, technician, why] of [
      [exact, 't-alpha', /states the uncertainty 0/],
      [heavy, 't-north', /nmi-north\/t-north may not sign for mass/],
    ] as const) {
      const { code, document } = await user.run('dcc', 'import', path, '--technician', technician);
      assert.equal(code, 2);
      assert.match((document as Failed[])[0]?.error.message ?? '', why);
      assert.deepEqual(await user.succeed('find', '--serial', 'S1'), [], 'its device is not registered');
    }
  });

  it('is told what the registry would refuse about a report before its device is registered', async () => {
    const early = smallCertificate({ data: quantity('T', real('20', '\\degreecelsius', expandedUnc('0.1'))) });
    writeFileSync(file('early.xml'), early.toString().replace('2026-01-06', '2099-01-06').replaceAll('S1', 'EARLY'));
    const { code, document } = await user.run('dcc', 'import', file('early.xml'), '--technician', 't-north');
    assert.equal(code, 7, JSON.stringify(document));
    const [refused] = document as { registeredDevice: string | null; error: { code: string } }[];
    assert.deepEqual([refused?.registeredDevice, refused?.error.code], [null, 'TIME_INVALID']);
    assert.deepEqual(await user.succeed('find', '--serial', 'EARLY'), [], 'its device is not registered');
  });

  it('issues a report with the results that the help shows, and accepts it once', async () => {
    const { stdout: help } = await tracecal(['report', 'issue', '--help']);
    const results = file('results.json');
    writeFileSync(results, /^\[$.*^\]$/ms.exec(help)?.[0] ?? '');
    const issue = ['--device', 'x-1', '--technician', 't-alpha', '--begin', TODAY, '--paper-parent', 'P-1'];
    const consented = ['--results', results, '--as', 'lab-alpha', '--no-accept'];
    await user.succeed(
      'consent',
      'give',
      'lab-alpha',
      '--as',
      'oem-a',
      '--devices',
      'x-1',
      '--quantities',
      'mass',
      '--until',
      TODAY,
    );
    const { accepted } = await user.succeed<{ accepted: boolean }>('report', 'issue', 'r-1', ...issue, ...consented);
    assert.equal(accepted, false);
    const accept = ['report', 'accept', 'r-1'];
    assert.match(await refusal(2, ...accept, '--as', 'lab-alpha'), /lab-alpha does not own device .*x-1: oem-a does/);
    const { transactions } = await user.succeed<{ transactions: object[] }>(...accept, '--as', 'oem-a');
    assert.equal(transactions.length, 1);
    assert.deepEqual((await user.succeed<{ transactions: object[] }>(...accept)).transactions, []);
    const { stdout } = await tracecal([...accept, '--data', user.data]);
    assert.match(stdout, /is accepted already: nothing was written/);

    await user.succeed('revoke', 'officer', 'oem-a/officer', '--reason', 'key-compromise', '--as', 'oem-a', '--yes');
    const { transactions: anew } = await user.succeed<{ transactions: object[] }>(...accept);
    assert.equal(anew.length, 1, 'an acceptance that counts no more is given again');

    const [line] = JSON.parse(readFileSync(results, 'utf8')) as [object];
    writeFileSync(results, JSON.stringify([{ ...line, unit: undefined }]));
    assert.match(await refusal(2, 'report', 'issue', 'r-2', ...issue, ...consented), /results\[0\]\.unit is missing/);
  });

  it('reads with the one identity that is here', async () => {
    const data = join(temporaryFolder(), 'owner');
    const own = join('crypto-config', 'peerOrganizations', 'oem-a.example');
    cpSync(join(user.data, 'consortium.yaml'), join(data, 'consortium.yaml'));
    cpSync(join(user.data, own), join(data, own), { recursive: true });
    const profile = join(data, own, 'connection-oem-a.json');
    writeFileSync(profile, readFileSync(profile, 'utf8').replaceAll(user.data, data));
    const { entries } = await new CliUser(data).succeed<{ entries: object[] }>('history', 'x-1');
    assert.notEqual(entries.length, 0);

    const history = ['history', 'lab-alpha/x-1', '--profile'];
    const nobody = new CliUser(join(temporaryFolder(), 'none'));
    const copy = file('copy.json');
    cpSync(profile, copy);
    const byProfile = await nobody.succeed<{ entries: object[] }>(...history, copy);
    assert.deepEqual(byProfile.entries, entries, 'a copied profile finds its users where it says');
    const moved = file('moved');
    cpSync(join(data, own), moved, { recursive: true });
    const carried = join(moved, 'connection-oem-a.json');
    writeFileSync(carried, readFileSync(carried, 'utf8').replaceAll(data, '/nowhere'));
    assert.deepEqual(await nobody.succeed<object>(...history, carried), byProfile, 'or beside itself');
    const piped = await nobody.piped(readFileSync(copy, 'utf8'), ...history, '-');
    assert.deepEqual([piped.code, piped.document], [0, byProfile]);
    const write = ['device', 'set-interval', 'lab-alpha/x-1', '10', '--profile', copy];
    assert.equal(await nobody.fail(2, ...write), 'KEYS_MISSING');
  });
});
