import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { CliUser, exampleFiles, PROGRAM } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const TRUST = JSON.stringify({
  type: 'tracecal-trust/1',
  roots: [{ name: 'nmi-north', sha256: 'ab'.repeat(32) }],
  heartbeats: { k: 1 },
});

interface Refused {
  readonly error: { readonly code: string; readonly message: string };
}

describe('A file that a command reads', () => {
  const [example = ''] = exampleFiles();
  const user = new CliUser(join(temporaryFolder(), 'data'));

  after(removeTemporaryFolders);

  for (const [what, content, command] of [
    ['a certificate', () => readFileSync(example, 'utf8'), ['dcc', 'inspect', '-']],
    ['a trust file', () => TRUST, ['trust', 'show', '--trust', '-']],
    [
      'a description',
      () => readFileSync(defaultConsortiumFile(), 'utf8'),
      ['network', 'describe', '--consortium', '-'],
    ],
  ] as const) {
    it(`may come in on stdin, named -: ${what}`, async () => {
      const { code, stderr } = await user.piped(content(), ...command);
      assert.equal(code, 0, stderr);
    });
  }

  it('may be a pipe, as process substitution and /dev/stdin are', async function () {
    if (!existsSync('/dev/stdin') || !existsSync('/bin/bash')) {
      console.warn('        skipped: there is no bash, or no /dev/stdin');
      this.skip();
    }
    this.timeout(120_000);
    const script = `cat '${example}' | '${process.execPath}' '${PROGRAM}' dcc inspect /dev/stdin <(cat '${example}') --json`;
    const { stdout } = await promisify(execFile)('/bin/bash', ['-c', script]);
    assert.deepEqual(
      (JSON.parse(stdout) as { ok: boolean }[]).map(({ ok }) => ok),
      [true, true],
    );
  });

  it('is refused beyond its limit, wherever it comes from', async () => {
    const large = ' '.repeat(16_777_217);
    const { code, document } = await user.piped(large, 'trust', 'show', '--trust', '-');
    assert.equal(code, 2);
    assert.match((document as Refused).error.message, /larger than 16777216 bytes/);
  });

  it('is read from stdin once', async () => {
    const consortium = readFileSync(defaultConsortiumFile(), 'utf8');
    const { code, document } = await user.piped(consortium, 'dcc', 'inspect', example, '-', '-');
    const last = (document as { error?: { message: string } }[]).at(-1);
    assert.equal(code, 2);
    assert.match(last?.error?.message ?? '', /Only one file can be read from stdin/);
  });

  it('does not exist, or is a folder: that is what is said', async () => {
    const folder = temporaryFolder();
    for (const [path, why] of [
      [join(folder, 'absent.json'), /absent\.json does not exist/],
      [folder, /is a folder/],
    ] as const) {
      for (const command of [
        ['statement', 'show', path],
        ['network', 'describe', '--consortium', path],
        ['trace', 'x/y', '--profile', path],
      ]) {
        const { code, document } = await user.run(...command);
        assert.equal(code, 2, command.join(' '));
        assert.match((document as Refused).error.message, why, command.join(' '));
      }
    }
  });

  it('that a command writes to as well is named: signatures go into it', async () => {
    const { code, document } = await user.piped('{}', 'statement', 'sign', '-', '--as', 'oem-a');
    assert.equal(code, 2);
    assert.match((document as Refused).error.message, /name one instead of -/);
  });
});
