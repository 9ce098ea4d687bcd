import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@tracecal/gateway-client';
import { CliUser, datedExampleFiles, exampleScopes, tracecal, type DatedExamples } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const WORDS = ['', ' ', '../x', 'a\nb', 'ünïcode', 'x'.repeat(300), '-7', '\u001b[31m', 'a\u0000b'];
const DATES = ['-0001-01-01', '0000-00-00', '99999-01-01', '2026-02-30', '1e9', '2026-01-01T00:00:00', 'yesterday'];

/** Whatever a user types: a sentence, the right exit code, and nothing half-written. */
describe('nonsense on the command line', function () {
  this.timeout(240_000);
  let user: CliUser;
  let files: readonly string[];
  let examples: DatedExamples;

  before(async () => {
    user = new CliUser(join(temporaryFolder(), 'data'));
    await user.succeed('up', '--detach', '--ports', 'free');
    examples = await datedExampleFiles();
    await user.succeed('scopes', 'grant', 'nmi-north', examples.scopes);
    await user.succeed('technician', 'add', 't', '--org', 'nmi-north', '--quantities', 'temperature');
    files = nonsenseFiles(temporaryFolder());
  });

  after(async () => {
    await user.run('down');
    removeTemporaryFolders();
  });

  /** Refused as bad input (2) or as nothing that is registered (6), with one sentence, and neither the ledger nor the keys have changed. */
  async function refused(...args: readonly string[]): Promise<void> {
    const before = await standing(user.data);
    const { code, stdout, stderr } = await tracecal(args, { environment: { TRACECAL_DATA: user.data } });
    const said = JSON.stringify(args);
    assert.ok(code === 2 || code === 6, `${said}: ${stdout}${stderr}`);
    assert.equal(stdout, '', said);
    const [sentence = '', ...more] = stderr.trim().split('\n');
    assert.match(sentence, /^tracecal: .+[.?] \[[A-Z_0-9]+\]$/, said);
    assert.deepEqual(more, [], said);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stderr.replaceAll('\n', ''), /[\u0000-\u001f]/, said);
    assert.deepEqual(await standing(user.data), before, said);
  }

  const sensor = ['--technician=t', '--serial=1', '--model=m', '--manufacturer=m'];
  const report = ['report', 'issue', 'r', '--device=d', '--technician=t'];

  for (const word of WORDS) {
    it(`in the place of an id or a name: ${JSON.stringify(word.slice(0, 20))}`, async () => {
      for (const command of ['affected', 'history']) await refused(command, '--', word);
      await refused('report', 'accept', '--', word);
      await refused('report', 'reject', '--yes', '--', word);
      await refused('scopes', 'list', '--', word);
      await refused('scopes', 'grant', '--', word, exampleScopes());
      await refused('consent', 'give', '--as=nmi-north', '--until=2030-01-01', '--', word);
      await refused('device', 'set-interval', '--', word, '5');
      await refused('device', 'transfer', '--to=nmi-north', '--', word);
      await refused('technician', 'authorise', '--', word);
      await refused('officer', 'add', '--org=nmi-north', '--', word);
      await refused('revoke', '--yes', '--reason=fraud', '--', 'device', word);
      await refused('technician', 'add', '--org=nmi-north', '--quantities=temperature', '--', word);
      await refused('technician', 'add', 't2', `--org=${word}`, '--quantities=temperature');
      await refused('technician', 'add', 't2', '--org=nmi-north', `--quantities=${word}`);
      await refused(
        'org',
        'add',
        '--certified-by=nmi-north',
        '--name=X',
        '--kind=LAB',
        '--country=DE',
        '--msp=X',
        '--',
        word,
      );
      await refused('org', 'add', 'lab-alpha', `--certified-by=${word}`);
      await refused('org', 'add', 'lab-alpha', '--certified-by=nmi-north', `--country=${word}`);
      await refused('device', 'add', ...sensor, '--', word);
      await refused('device', 'add', 'd', ...sensor, `--owner=${word}`);
      await refused('device', 'add', 'd', ...sensor, `--technician=${word}`);
      await refused('device', 'add', 'd', ...sensor, `--interval=${word}`);
      await refused('find', `--owner=${word}`);
      await refused('find', `--laboratory=${word}`);
      await refused('find', `--kind=${word}`);
      await refused('requirements', 'set', `--as=${word}`, '--interval=365');
      for (const option of ['interval', 'grace', 'accreditation', 'conformity', 'min-tur', 'strict', 'max-age']) {
        await refused('requirements', 'set', '--as=nmi-north', `--${option}=${word}`);
      }
      await refused('device', 'show', '--', word);
      await refused('due', `--owner=${word}`);
      await refused('due', `--within=${word}`);
      await refused('report', 'show', '--', word);
      await refused('report', 'original', '--', word);
      await refused('report', 'export', '--dcc=export.xml', '--', word);
      await refused('measurement', 'record', '--site=a', '--', word);
      await refused('measurement', 'record', 'x', `--site=${word}`);
      await refused('measurement', 'record', 'x', '--site=a', `--at-once=${word}`);
      await refused('measurement', 'verdicts', '--site=a', '--', word);
      await refused('monitoring', 'assess', '--site=a', '--conclusion=conforming', '--', word);
      await refused('monitoring', 'assess', '--site=a', `--conclusion=${word}`);
      await refused('trace', 'x', `--as=${word}`);
      await refused('trace', 'x', `--max-age=${word}`);
      await refused('trace', 'x', `--quantity=${word}`);
      await refused('technician', 'add', 't2', '--org=nmi-north', '--quantities=mass', `--via=${word}`);
      await refused('network', 'remove-org', '--yes', '--', word);
    });
  }

  it('in the place of a number', async () => {
    for (const number of ['1e9', '-7', '0', '1.5', '9'.repeat(400), '0x10', 'NaN']) {
      await refused('device', 'add', 'd', ...sensor, `--interval=${number}`);
      await refused('measurement', 'record', 'x', '--site=a', `--at-once=${number}`);
      await refused('trace', 'x', `--max-age=${number}`);
      await refused('trace', 'x', `--max-age=${number}d`);
      await refused('trace', 'x', `--interval=${number}`);
      await refused('requirements', 'set', '--as=nmi-north', `--interval=mass=${number}`);
      // No grace at all is a requirement, too.
      if (number !== '0') await refused('requirements', 'set', '--as=nmi-north', `--grace=${number}`);
    }
  });

  it('in the place of a date', async () => {
    for (const date of DATES) {
      await refused('trace', 'x', `--as-of=${date}`);
      await refused('due', `--as-of=${date}`);
      await refused('revoke', 'device', 'x', '--yes', '--reason=fraud', `--effective=${date}`);
      await refused('measurement', 'batches', '--site=a', `--from=${date}`);
      await refused(...report, `--results=${exampleScopes()}`, `--begin=${date}`);
    }
  });

  it('instead of a file: a missing one, a folder, a huge file, NULs, an empty file, hostile content', async () => {
    for (const file of files) {
      await refused('org', 'add', 'lab-alpha', '--certified-by=nmi-north', `--scopes=${file}`);
      await refused('scopes', 'grant', 'nmi-north', '--', file);
      for (const command of ['show', 'submit']) await refused('statement', command, '--', file);
      await refused('statement', 'sign', '--as=nmi-north', '--', file);
      await refused(...report, '--begin=2026-01-01', `--results=${file}`);
      await refused(...report, `--dcc=${file}`);
      await refused('measurement', 'record', '--site=a', `--list=${file}`);
      await refused('network', 'add-org', '--', file);
      await refused('network', 'describe', `--consortium=${file}`);
      for (const command of ['inspect', 'draft', 'import']) {
        const technician = command === 'import' ? ['--technician=t'] : [];
        const { code, stdout, stderr } = await tracecal(['dcc', command, ...technician, '--', file], {
          environment: { TRACECAL_DATA: user.data, COLUMNS: '1000' },
        });
        // An import takes folders: one that holds no certificate is refused as a whole.
        const [lines, sentences] = [stdout, stderr].map((text) => text.trim().split('\n').filter(Boolean).length);
        assert.ok(code === 2 && (lines === 2 || sentences === 1), `${command} ${file}: ${stdout}${stderr}`);
      }
    }
  });

  it('is no device', async () => {
    for (const word of WORDS.slice(1)) await refused('trace', '--', word);
  });

  it('does not keep the user from going on', async () => {
    const [institute] = examples.temperature;
    await user.succeed('dcc', 'import', institute, '--technician', 't', '--kind', 'standard');
  });
});

/** How far the registry's ledger has come, and which keys there are. */
async function standing(data: string): Promise<unknown> {
  const keys = readdirSync(join(data, 'keys'), { recursive: true }).map(String).sort();
  const profile = join(data, 'crypto-config', 'peerOrganizations', 'nmi-north.example', 'connection-nmi-north.json');
  const registry = await connect(profile);
  try {
    return { keys, organisation: await registry.getOrganisation('nmi-north') };
  } finally {
    registry.close();
  }
}

function nonsenseFiles(folder: string): readonly string[] {
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  mkdirSync(join(folder, 'folder'));
  return [
    '',
    join(folder, 'nowhere'),
    join(folder, 'folder'),
    // It never ends.
    ...(process.platform === 'linux' ? ['/dev/zero'] : []),
    file('huge', Buffer.alloc(40 * 1024 * 1024, 0x20)),
    file('nul', '\u0000\u0000'),
    file('empty', ''),
    file('number', '[1e999999999]'),
    file('twice', '[{"quantity":"a","quantity":"b"}]'),
    file('deep', '['.repeat(100_000)),
    file('binary', Buffer.from([0xff, 0xfe, 0x80])),
  ];
}
