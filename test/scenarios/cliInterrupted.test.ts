import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { DirectoryLock } from '@tracecal/network/control';
import { PROGRAM } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

/** Ctrl-C reaches all processes that a terminal has in front. */
describe(`Ctrl-C [${engineName}]`, function () {
  this.timeout(240_000);
  let folder: string;

  /** Starts a command as a terminal does, and interrupts it as soon as the network's process has begun. */
  async function interrupted(args: readonly string[], isBegun: () => boolean) {
    const child = spawn(process.execPath, [PROGRAM, ...args, '--engine', engineName], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      env: { ...process.env, TMPDIR: folder },
    });
    const said = text(child.stderr);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (!isBegun()) await pause(20);
    process.kill(-child.pid!, 'SIGINT');
    assert.equal(await ended, 130);
    assert.equal(await said, '');
  }

  beforeEach(() => {
    folder = temporaryFolder();
  });
  after(removeTemporaryFolders);

  for (const detach of [[], ['--detach']]) {
    it(`ends tracecal ${['up', ...detach].join(' ')} without a word, and leaves no process and no lock behind`, async () => {
      const data = join(folder, 'data');
      const holder = join(data, 'network.json');
      let pid = 0;
      await interrupted(['up', '--ports', 'free', '--data', data, ...detach], () => {
        if (!existsSync(holder)) return false;
        ({ pid } = JSON.parse(readFileSync(holder, 'utf8')) as { pid: number });
        return true;
      });
      assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
      await (await DirectoryLock.take(data)).release();
      assert.ok(!existsSync(join(data, 'control.sock')));
    });
  }

  it('ends tracecal demo without a word, and its temporary folder goes', async () => {
    const isDemo = (name: string) => name.startsWith('tracecal-demo-');
    await interrupted(['demo'], () =>
      readdirSync(folder)
        .filter(isDemo)
        .some((name) => existsSync(join(folder, name, 'network.json'))),
    );
    assert.deepEqual(readdirSync(folder).filter(isDemo), []);
  });
});
