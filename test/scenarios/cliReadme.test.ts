import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PROGRAM } from '../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const README = resolve(__dirname, '..', '..', '..', 'README.md');
interface Command {
  readonly args: readonly string[];
  readonly exitCode: number;
}

/** The commands of the README's life by hand; what a comment says about an exit code other than 0 holds. */
function lifeByHand(): readonly Command[] {
  const [, block = ''] = /A life by hand[^]*?```\n([^]*?)```/.exec(readFileSync(README, 'utf8')) ?? [];
  return block
    .split('\n')
    .filter((line) => line.startsWith('npx tracecal '))
    .map((line) => {
      const [command = '', comment = ''] = line.split('#');
      const args = command.trim().split(/\s+/).slice(2);
      return { args, exitCode: Number(/exit code ([1-9])/.exec(comment)?.[1] ?? 0) };
    });
}

function run({ args }: Command, folder: string): Promise<{ code: number; output: string }> {
  const all = args[0] === 'up' ? [...args, '--ports', 'free'] : args;
  return new Promise((done) => {
    const child = execFile(process.execPath, [PROGRAM, ...all], { cwd: folder }, (_error, stdout, stderr) => {
      done({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` });
    });
  });
}

describe('the README', function () {
  this.timeout(300_000);
  let folder: string;

  before(() => {
    folder = temporaryFolder();
  });

  after(async () => {
    await run({ args: ['down'], exitCode: 0 }, folder);
    removeTemporaryFolders();
  });

  it('has a life by hand that goes as it says, from an empty folder on', async () => {
    const commands = lifeByHand();
    assert.ok(commands.length > 15);
    for (const command of commands) {
      const { code, output } = await run(command, folder);
      assert.equal(code, command.exitCode, `tracecal ${command.args.join(' ')}: ${output}`);
    }
  });
});
