import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { standingOf } from '@tracecal/core/directives';
import type { Answer, Directive } from '@tracecal/core/directives';
import { instantOf } from '@tracecal/core/model';
import { directivesIn, operatorPinOf } from '@tracecal/gateway-client/device';
import { CliUser, datedExampleFiles, tracecal } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

interface Given {
  readonly digest: string;
  readonly directive: Directive;
  readonly endorsedBy: readonly string[];
}

interface Listed {
  readonly directives: readonly {
    readonly digest: string;
    readonly officer: string;
    readonly by: string;
    readonly recorded: { readonly time: string };
    readonly content: Directive;
    readonly answers: readonly Answer[];
    readonly counting: readonly Answer[];
  }[];
}

const OWN = 'oem-a/RP4-0815';

/** An operator directs what happens with its sensor; gates and filters read it offline. */
describe(`tracecal directive [${engineName}]`, function () {
  this.timeout(240_000);
  let user: CliUser;
  let folder: string;
  let pin: string;

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    [folder, pin] = [join(temporaryFolder(), 'directives'), join(temporaryFolder(), 'operator.json')];
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

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  const give = (...words: readonly string[]) => user.succeed<Given>('directive', 'give', ...words, '--site', 'a');
  const quarantined = async () => {
    await user.succeed('directive', 'export', folder, '--operator', pin, '--site', 'a');
    const directives = await directivesIn(folder, operatorPinOf(readFileSync(pin, 'utf8')));
    return standingOf(directives, { device: OWN, at: instantOf(Date.now() + 1000) }).quarantined;
  };

  it("gives a directive with the officer's signature, endorsed by the operator's peer, and finds it again", async () => {
    await eventually(async () => {
      const given = await give('quarantine', 'RP4-0815', '--reason', 'found dropped');
      assert.deepEqual(given.directive.devices, [{ id: OWN, number: 1 }]);
      assert.deepEqual(given.endorsedBy, ['OemAMSP']);
    });
    const { directives } = await user.succeed<Listed>('directive', 'list', OWN, '--site', 'a', '--as', 'monitor');
    assert.deepEqual(
      directives.map(({ content, officer, by }) => [content.reason, officer, by]),
      [['found dropped', 'oem-a/officer', 'OemAMSP']],
    );
    assert.ok((directives[0]?.recorded.time ?? '') >= (directives[0]?.content.date ?? '9'));
  });

  it('puts the device into quarantine for whoever reads the exported files, until a release', async () => {
    assert.match((await quarantined()) ?? '', /found dropped/);
    await give('release', OWN, '--reason', 'checked, sound');
    assert.equal(await quarantined(), null);
    assert.equal(readdirSync(folder).length, 3, 'two directives, and when they were exported');
    const inside = ['directive', 'export', folder, '--operator', join(folder, 'operator.json'), '--site', 'a'];
    assert.equal(await user.fail(2, ...inside), 'INPUT_INVALID');
    writeFileSync(join(folder, 'z.json'), 'nonsense');
    assert.match((await quarantined()) ?? '', /z\.json/);
  });

  it("is answered with the device's own key, once, and again after that was replaced", async () => {
    const { digest } = await give('recalibrate', OWN, '--reason', 'due by the plan');
    const answer = ['directive', 'answer', digest.slice(0, 12), OWN, '--site', 'a', '--as', 'oem-a'];
    assert.equal(await user.fail(2, ...answer), 'INPUT_INVALID');
    await user.succeed(...answer, '--done', 'sent to lab-alpha');
    assert.equal(await user.fail(7, ...answer, '--refused', 'no'), 'ALREADY_EXISTS');
    const { directives } = await user.succeed<Listed>('directive', 'list', OWN, '--site', 'a');
    const answered = directives.find((each) => each.digest === digest)?.answers;
    assert.deepEqual(
      answered?.map(({ outcome, what, by }) => [outcome, what, by]),
      [['carried-out', 'sent to lab-alpha', OWN]],
    );
    const { stdout } = await tracecal(['directive', 'list', '--site', 'a'], {
      environment: { TRACECAL_DATA: user.data },
    });
    assert.match(stdout, /carried-out \(oem-a\/RP4-0815\)/);
    await user.succeed('device', 'renew', OWN, '--new-key');
    await user.succeed(...answer, '--refused', 'it was never sent');
    const after = await user.succeed<Listed>('directive', 'list', OWN, '--site', 'a');
    const { answers, counting } = after.directives.find((each) => each.digest === digest) ?? assert.fail();
    assert.deepEqual([answers.length, counting.map(({ outcome }) => outcome)], [2, ['refused']]);
    assert.match(stdout, /signed by +oem-a\/officer\n(?:.*\n)*on the channel +\d/);
  });

  it('says what is missing or wrong before anything is signed', async () => {
    const wrong = [
      ['destroy', OWN, '--reason', 'x'],
      ['quarantine', OWN],
      ['limit', OWN, '--reason', 'x', '--quantity', 'temperature'],
      ['override', OWN, '--reason', 'x', '--for', '25h'],
      ['override', OWN, '--reason', 'x'],
    ];
    for (const words of wrong)
      assert.equal(await user.fail(2, 'directive', 'give', ...words, '--site', 'a'), 'INPUT_INVALID');
    await give('override', OWN, '--reason', 'a patient is waiting', '--for', '4h');
  });

  it('signs an override without the network, and puts it on the channel later', async () => {
    const file = join(temporaryFolder(), 'override.json');
    const { digest } = await user.succeed<Given>(
      ...['directive', 'give', 'override', OWN, '--reason', 'the line is down', '--for', '4h'],
      ...['--operator', pin, '--output', file],
    );
    const submitted = await user.succeed<Given>('directive', 'submit', file, '--site', 'a');
    assert.deepEqual([submitted.digest, submitted.endorsedBy], [digest, ['OemAMSP']]);
    assert.equal(await user.fail(7, 'directive', 'submit', file, '--site', 'a'), 'ALREADY_EXISTS');
    const { directives } = await user.succeed<Listed>('directive', 'list', OWN, '--site', 'a');
    assert.ok(directives.some((each) => each.digest === digest));
  });

  it('is refused to whoever is not the operator', async () => {
    const words = ['directive', 'give', 'quarantine', OWN, '--reason', 'x', '--site', 'a', '--as', 'monitor'];
    const { code } = await user.run(...words);
    assert.notEqual(code, 0);
  });
});
