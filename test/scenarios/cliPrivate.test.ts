import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@tracecal/core/trace';
import { readDisclosureFile } from '@tracecal/gateway-client';
import { CliUser, tracecal } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

/** Numbers that are found nowhere by chance. */
const SECRETS = ['20.017364', '0.2517263', '60.028475'];

/** Each scenario goes on where the one before it left off. */
describe('A confidential report', function () {
  this.timeout(180_000);
  let user: CliUser;
  let files: string;
  let standard: string;
  let report: string;
  let salts: readonly string[] = [];

  const verdict = async (...more: readonly string[]) =>
    (await user.run('trace', 'lab-alpha/private-sensor', ...more)).document as Verdict;
  const file = (name: string) => join(files, name);

  before(async () => {
    files = temporaryFolder();
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature, scopes } = await startTemperatureConsortium(user);
    const [institute, laboratory] = temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprinted = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    const [taken] = await user.succeed<{ report: string }[]>('dcc', 'import', laboratory, ...imprinted);
    standard = taken?.report ?? '';
    await user.succeed('org', 'add', 'lab-beta', '--certified-by', 'nmi-south');
    await user.succeed('scopes', 'grant', 'lab-beta', scopes, '--as', 'nmi-south');
    const own = [
      '--technician',
      't-alpha',
      '--owner',
      'oem-a',
      '--kind',
      'field',
      '--serial',
      'P-1',
      '--model',
      'M',
      '--manufacturer',
      'A',
    ];
    await user.succeed('device', 'add', 'private-sensor', ...own);
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  it('is issued, and the ledger holds neither its numbers nor its salts', async () => {
    const uncertainty = { expanded: 0.2517263, coverageFactor: 2, coverageProbability: 0.95 };
    const rows = [20.017364, 60.028475].map((value) => ({ value, uncertainty }));
    const results = ['Air', 'Bath'].map((name, place) => ({
      ...{ name, quantity: 'temperature', unit: '\\degreecelsius' },
      rows: rows.slice(place, place + 1),
    }));
    writeFileSync(file('results.json'), JSON.stringify(results));
    const today = new Date().toISOString().slice(0, 10);
    const issue = ['--device', 'private-sensor', '--technician', 't-alpha', '--results', file('results.json')];
    const made = ['--parent', standard, '--begin', today, '--private'];
    ({ report } = await user.succeed<{ report: string }>('report', 'issue', 'p-1', ...issue, ...made));
    // A second attempt is refused, and leaves no second file with the numbers.
    const kept = holders(SECRETS).length;
    assert.ok(kept > 0);
    assert.equal(await user.fail(7, 'report', 'issue', 'p-1', ...issue, ...made), 'ALREADY_EXISTS');
    assert.equal(holders(SECRETS).length, kept);
    const found = await verdict();
    assert.equal(found.status, 'INCOMPLETE');
    assert.match(found.reason, /gives temperature in confidence, and nobody .* ask lab-alpha for a disclosure/);
    await user.succeed('report', 'disclose', report, '--to', file('all.json'));
    salts = (await readDisclosureFile(file('all.json'))).leaves.map(({ salt }) => salt);
    assert.equal(statSync(file('all.json')).mode & 0o777, 0o600);
    assert.deepEqual(leaks(), []);
  });

  it('is TRACEABLE for whoever has the disclosure', async () => {
    const { status, results } = await verdict('--disclosure', file('all.json'));
    assert.equal(status, 'TRACEABLE');
    assert.deepEqual(
      results.map(({ name }) => name),
      ['Air', 'Bath'],
    );
    await user.succeed('report', 'disclose', report, '--to', file('bath.json'), '--result', 'Bath');
    const part = await verdict('--disclosure', file('bath.json'));
    assert.deepEqual([part.status, part.results.map(({ name }) => name)], ['TRACEABLE', ['Bath']]);
    assert.match(JSON.stringify(part.edges[0]), /1 of at most 8 results were disclosed/);
    assert.doesNotMatch(readFileSync(file('bath.json'), 'utf8'), /20\.017364/);
  });

  it('is not published by an amendment that nobody meant to be public', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const content = [
      '--technician',
      't-alpha',
      '--results',
      file('results.json'),
      '--parent',
      standard,
      '--begin',
      today,
    ];
    assert.equal(await user.fail(2, 'report', 'amend', report, 'p-9', ...content, '--yes'), 'USAGE');
    assert.deepEqual(leaks(), []);
  });

  it('is read by whoever has the disclosure, and shows to others that it is confidential', async () => {
    interface Facts {
      readonly results: readonly { readonly name: string }[];
    }
    const shown = ['report', 'show', report];
    assert.deepEqual((await user.succeed<Facts>(...shown)).results, []);
    const told = await user.succeed<Facts>(...shown, '--disclosure', file('all.json'));
    assert.equal(told.results.length, 2);
    const { stdout } = await tracecal([...shown, '--data', user.data]);
    assert.match(stdout, /confidential +temperature: only whom the laboratory gives a disclosure/);
    const another = ['report', 'show', standard, '--disclosure', file('all.json')];
    assert.equal(await user.fail(2, ...another), 'INPUT_INVALID');
    const again = await user.succeed<Facts>(
      ...shown,
      '--disclosure',
      file('all.json'),
      '--disclosure',
      file('all.json'),
    );
    assert.equal(again.results.length, 2);
    const { device } = await user.succeed<{ readonly device: { readonly id: string } }>('report', 'show', standard);
    const traced = ['trace', device.id, '--disclosure', file('all.json')];
    const { notes } = (await user.run(...traced)).document as { readonly notes: readonly string[] };
    assert.match(notes.join(), /not used: the disclosure about temperature of report lab-alpha\/p-1/);
    assert.equal(await user.fail(2, 'report', 'export', report, '--dcc', file('export.xml')), 'INPUT_INVALID');
  });

  it('is ATTESTED on the word of one that read it, TRACEABLE on that of two', async () => {
    const vouch = ['report', 'vouch', report, '--disclosure', file('all.json'), '--as'];
    await user.succeed(...vouch, 'lab-beta');
    const once = await verdict();
    assert.equal(once.status, 'ATTESTED');
    assert.match(once.reason, /rests on the word of lab-beta, who read it/);
    await user.succeed(...vouch, 'nmi-east');
    const twice = await verdict();
    assert.equal(twice.status, 'TRACEABLE');
    assert.match(JSON.stringify(twice.edges[0]?.findings), /lab-beta and nmi-east have read it/);
    assert.deepEqual(leaks(), []);
    const part = ['report', 'vouch', report, '--disclosure', file('bath.json'), '--as', 'nmi-south'];
    assert.equal(await user.fail(2, ...part), 'INPUT_INVALID', 'nobody vouches for a part');
  });

  it('is proved to others by its vouchings, and by the disclosure', async () => {
    await user.succeed('proof', 'create', 'private-sensor', '-o', file('bundle.json'));
    writeFileSync(file('trust.json'), JSON.stringify(await user.succeed('trust', 'export')));
    const verify = ['proof', 'verify', file('bundle.json'), '--trust', file('trust.json')];
    const bundle = readFileSync(file('bundle.json'), 'utf8');
    assert.ok([...SECRETS, ...salts].every((secret) => !bundle.includes(secret)));
    const alone = await user.succeed<{ verdict: Verdict }>(...verify);
    assert.equal(alone.verdict.status, 'TRACEABLE');
    assert.deepEqual(alone.verdict.results, []);
    const told = await user.succeed<{ verdict: Verdict }>(...verify, '--disclosure', file('all.json'));
    assert.equal(told.verdict.results.length, 2);
  });

  it('is purged at its issuer, and old proofs and disclosures go on counting', async () => {
    await user.succeed('report', 'purge', report, '--yes');
    assert.equal(await user.fail(2, 'report', 'disclose', report, '--to', file('late.json')), 'INPUT_INVALID');
    assert.deepEqual(holders([...SECRETS, ...salts]), []);
    assert.equal((await verdict()).status, 'TRACEABLE');
    assert.equal((await verdict('--disclosure', file('all.json'))).results.length, 2);
    const verify = ['proof', 'verify', file('bundle.json'), '--trust', file('trust.json')];
    assert.equal((await user.succeed<{ verdict: Verdict }>(...verify)).verdict.status, 'TRACEABLE');
  });

  it('is worth less again when one takes its word back', async () => {
    await user.succeed('report', 'vouch', report, '--withdraw', '--as', 'nmi-east');
    assert.equal((await verdict()).status, 'ATTESTED');
    const { document } = await user.run('history', report);
    assert.match(JSON.stringify(document), /"judged":\{"temperature":"unsound"\}/);
    const tell = async (command: string) =>
      (await tracecal([command, report, '--data', user.data])).stdout.replaceAll(/\s+/g, ' ');
    const history = await tell('history');
    assert.match(history, /confidential results vouched for by nmi-east \(temperature: sound\)/);
    assert.match(history, /confidential results no longer vouched for by nmi-east \(temperature\)/);
    const audit = await tell('audit');
    assert.match(audit, /vouching about report lab-alpha\/p-1, by nmi-east; temperature sound; signed/);
    assert.match(audit, /by nmi-east; temperature unsound \(unsound takes back an earlier vouching\); signed/);
  });

  /** Where a secret is found outside of the issuer's own content. */
  function leaks(): readonly string[] {
    const own = join(user.data, 'content', 'confidential');
    const found = holders([...SECRETS, ...salts]);
    assert.ok(
      found.some((path) => path.startsWith(own)),
      'the search finds what there is',
    );
    assert.ok(
      holders(['lab-alpha/PRT-2231']).some((path) => !path.startsWith(own)),
      'also in what is signed',
    );
    return found.filter((path) => !path.startsWith(own));
  }

  /** The files of all members, peers and orderers that hold one of these texts, as it is or inside base64. */
  function holders(texts: readonly string[]): readonly string[] {
    const encoded = texts.flatMap((text) =>
      // Inside base64, a text may begin at each of three places; its first and last character depend on what is beside it.
      [0, 1, 2].map((shift) =>
        Buffer.from(`${' '.repeat(shift)}${text}`)
          .toString('base64url')
          .slice(2 + shift, -3),
      ),
    );
    return [...filesBelow(user.data)].filter((path) => {
      const content = readFileSync(path).toString('latin1');
      return [...texts, ...encoded].some((each) => content.includes(each));
    });
  }
});

function* filesBelow(folder: string): Generator<string> {
  for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* filesBelow(path);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}
