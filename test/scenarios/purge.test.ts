import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDisclosureFile } from '@tracecal/gateway-client';
import type { ProofAnswer, TierName } from '@tracecal/gateway-client/proof/verify';
import { CliUser, tracecal } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { Search } from '../support/secrecy/search.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { startTemperatureConsortium } from '../support/temperatureConsortium.js';

const TIERS: readonly TierName[] = ['chain', 'fresh', 'endorsed', 'recorded'];
const VALUE = 20.017364821593;
const UNCERTAINTY = 0.251726384917;

/** The retention of confidential results ends. Each scenario goes on where the one before it left off. */
describe(`Proofs of a report whose confidential results are purged [${engineName}]`, function () {
  this.timeout(600_000);
  let user: CliUser;
  let files: string;
  let report: string;

  const file = (name: string) => join(files, name);

  before(async () => {
    files = temporaryFolder();
    user = new CliUser(join(temporaryFolder(), 'data'));
    const { temperature, scopes } = await startTemperatureConsortium(user, engineName);
    const [institute, laboratory] = temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't-north', '--kind', 'standard');
    const imprinted = ['--technician', 't-north', '--imprinter', 't-alpha', '--kind', 'standard'];
    const [taken] = await user.succeed<{ report: string }[]>('dcc', 'import', laboratory, ...imprinted);
    await user.succeed('org', 'add', 'lab-beta', '--certified-by', 'nmi-south');
    await user.succeed('scopes', 'grant', 'lab-beta', scopes, '--as', 'nmi-south');
    const described = ['--serial', 'P-1', '--model', 'M', '--manufacturer', 'A'];
    const owned = ['--technician', 't-alpha', '--owner', 'oem-a', '--kind', 'field'];
    await user.succeed('device', 'add', 'sensor', ...owned, ...described);
    const uncertainty = { expanded: UNCERTAINTY, coverageFactor: 2, coverageProbability: 0.95 };
    const results = { name: 'Bath', quantity: 'temperature', unit: '\\degreecelsius' };
    writeFileSync(file('results.json'), JSON.stringify([{ ...results, rows: [{ value: VALUE, uncertainty }] }]));
    const issue = ['report', 'issue', 'p-1', '--device', 'sensor', '--technician', 't-alpha', '--private'];
    const made = ['--results', file('results.json'), '--parent', taken?.report ?? ''];
    const today = new Date().toISOString().slice(0, 10);
    ({ report } = await user.succeed<{ report: string }>(...issue, ...made, '--begin', today));
    await user.succeed('report', 'disclose', report, '--to', file('disclosure.json'));
    for (const voucher of ['lab-beta', 'nmi-east']) {
      await user.succeed('report', 'vouch', report, '--disclosure', file('disclosure.json'), '--as', voucher);
    }
    const exported = await tracecal(['trust', 'export', '--from-network', '--data', user.data]);
    writeFileSync(file('trust.json'), exported.stdout);
    const tiers = ['--tiers', 'chain,endorsed,recorded', '--nonce', 'insurer-7'];
    await user.succeed('proof', 'create', 'sensor', ...tiers, '-o', file('bundle.json'));
    await user.succeed('heartbeat');
    await user.succeed('log', 'export', file('log'));
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  /** As somebody without an account: the verdict, and every tier. */
  const verified = async (...more: readonly string[]) => {
    const given = ['--trust', file('trust.json'), '--log', file('log'), '--nonce', 'insurer-7'];
    const elsewhere = ['--data', file('nothing'), '--json', '--require', ...TIERS];
    const { code, stdout, stderr } = await tracecal(
      ['proof', 'verify', file('bundle.json'), ...more, ...given].concat(elsewhere),
    );
    assert.equal(code, 0, `${stdout} ${stderr}`);
    const { bundle, verdict, tiers } = JSON.parse(stdout) as ProofAnswer;
    const { status, reason, roots, results } = verdict;
    return { bundle, status, reason, roots, results, tiers: TIERS.map((tier) => tiers[tier].holds) };
  };
  const told = () => ['--disclosure', file('disclosure.json')];

  it('show the same in every tier before and after, with a disclosure and without', async () => {
    const [open, shut] = [await verified(...told()), await verified()];
    assert.deepEqual([open.status, shut.status], ['TRACEABLE', 'TRACEABLE']);
    assert.deepEqual([open.results.length, shut.results.length], [1, 0]);
    assert.deepEqual(shut.tiers, [true, true, true, true]);
    await user.succeed('report', 'purge', report, '--yes');
    assert.deepEqual(await verified(...told()), open);
    assert.deepEqual(await verified(), shut);
  });

  it('are made anew after it, because nothing on the ledger has changed', async () => {
    const traced = await user.succeed<{ status: string }>('trace', 'sensor');
    assert.equal(traced.status, 'TRACEABLE');
    await user.succeed('proof', 'create', 'sensor', '-o', file('later.json'));
    await user.succeed('proof', 'verify', file('later.json'), '--trust', file('trust.json'));
  });

  it('are all that is left: nothing of its network, of its keys or of its store holds the results or their salts', async () => {
    const { leaves } = await readDisclosureFile(file('disclosure.json'));
    const search = new Search();
    const found = filesBelow(user.data).filter((path) => {
      const haystack = search.through(readFileSync(path));
      return [VALUE, UNCERTAINTY, ...leaves.map(({ salt }) => salt)].some((secret) => haystack.holds(secret));
    });
    assert.deepEqual(found, []);
    assert.equal(await user.fail(2, 'report', 'disclose', report, '--to', file('late.json')), 'INPUT_INVALID');
    const bundle = search.through(readFileSync(file('disclosure.json')));
    assert.ok(bundle.holds(VALUE), 'the search finds them where they are');
  });

  it('hold when the network is gone as well', async () => {
    await user.succeed('down');
    assert.equal((await verified()).status, 'TRACEABLE');
    assert.equal((await verified(...told())).results.length, 1);
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
