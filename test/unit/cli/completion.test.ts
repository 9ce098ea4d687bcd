import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

async function scriptFor(shell: string): Promise<string> {
  const { code, stdout } = await tracecal(['completion', shell]);
  assert.equal(code, 0);
  return stdout;
}

function hasShell(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

let all: Promise<ReadonlyMap<string, readonly string[]>> | undefined;

/** Every command and group as the help lists them, with what is below each: `device` has `add`. */
function listed(): Promise<ReadonlyMap<string, readonly string[]>> {
  all ??= listedBelow();
  return all;
}

async function listedBelow(above: readonly string[] = []): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await tracecal([...above, '--help']);
  const [, list = ''] = stdout.split('\nCommands:\n');
  const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name);
  const below = await Promise.all(names.filter((name) => name !== 'help').map((name) => listedBelow([...above, name])));
  return new Map([[above.join(' '), names], ...below.flatMap((each) => [...each])]);
}

describe('Completion', function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  describe('in bash', () => {
    let script: string;

    before(async function () {
      if (!hasShell('bash')) {
        console.log('      SKIPPED: bash is not here');
        this.skip();
      }
      script = join(temporaryFolder(), 'tracecal.bash');
      writeFileSync(script, await scriptFor('bash'));
    });

    /** What is proposed for the last of these words. */
    function proposed(words: readonly string[], folder = '/'): readonly string[] {
      const program = `source "$1"; shift; COMP_WORDS=(tracecal "$@"); COMP_CWORD=$#; _tracecal; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { status, stdout, stderr } = spawnSync('bash', ['-c', program, 'bash', script, ...words], {
        encoding: 'utf8',
        cwd: folder,
      });
      assert.deepEqual([status, stderr], [0, '']);
      return stdout.split('\n').filter((word) => word !== '');
    }

    /** What is proposed after each of these commands, asked for in one shell. */
    function proposedBelow(commands: readonly string[]): readonly string[] {
      const program = `source "$1"
        while IFS= read -r line; do
          read -ra words <<< "$line"
          COMP_WORDS=(tracecal "\${words[@]}" ''); COMP_CWORD=$((\${#words[@]} + 1)); COMPREPLY=()
          _tracecal
          echo "\${COMPREPLY[*]}"
        done`;
      const input = commands.map((command) => `${command}\n`).join('');
      const { status, stdout, stderr } = spawnSync('bash', ['-c', program, 'bash', script], {
        encoding: 'utf8',
        input,
      });
      assert.deepEqual([status, stderr], [0, '']);
      return stdout.split('\n');
    }

    it('proposes every command in its place', async () => {
      const all = await listed();
      assert.ok(all.size > 50, String(all.size));
      const lists = proposedBelow([...all.keys()]);
      for (const [place, [path, names]] of [...all].entries()) {
        const words = lists[place]?.split(' ') ?? [];
        const missing = names.filter((name) => !words.includes(name));
        assert.deepEqual(missing, [], path);
      }
    });

    it('proposes options, the values that one can have, and only what begins as typed', () => {
      assert.ok(proposed(['trace', '--as']).join(' ').includes('--as-of'));
      assert.deepEqual(proposed(['find', '--kind', '']), ['standard', 'field']);
      assert.deepEqual(proposed(['find', '--kind', 'st']), ['standard']);
      assert.deepEqual(proposed(['device', 'set-']), ['set-interval']);
      assert.deepEqual(proposed(['revoke', 'dev']), ['device']);
      assert.deepEqual(proposed(['trace', '--data', 'x', '--expl']), ['--explain']);
    });

    it('proposes files where a file is meant, and nothing where an id is', () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'my certificate.xml'), '');
      assert.deepEqual(proposed(['dcc', 'inspect', 'my'], folder), ['my certificate.xml']);
      assert.deepEqual(proposed(['trace', 'x', '--trust', ''], folder), ['my certificate.xml']);
      assert.deepEqual(proposed(['find', '--serial', ''], folder), []);
    });
  });

  for (const shell of SHELLS) {
    it(`has a script that ${shell} understands`, async function () {
      const script = await scriptFor(shell);
      if (!hasShell(shell)) {
        console.log(`      SKIPPED: ${shell} is not here`);
        this.skip();
      }
      const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
      assert.deepEqual([status, stderr], [0, '']);
    });

    it(`names every command in the script for ${shell}`, async () => {
      const script = await scriptFor(shell);
      for (const path of (await listed()).keys()) {
        assert.ok(path === '' || script.includes(`'${path}'`) || script.includes(`' ${path}'`), path);
      }
    });
  }

  it('is for no other shell', async () => {
    const { code, stderr } = await tracecal(['completion', 'cmd']);
    assert.equal(code, 2);
    assert.match(stderr, /Give one of bash, zsh, fish/);
  });
});
