import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { rotateLog } from '@tracecal/network/engine';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** Writes numbered lines to its standard output as fast as it can, until it is told to end. */
const WRITER = `
  let n = 0, ended = false;
  process.on('SIGTERM', () => { ended = true; });
  const write = () => {
    for (let i = 0; i < 50; i += 1) require('fs').writeSync(1, 'line ' + n++ + '\\n');
    if (!ended) setTimeout(write, 1);
  };
  write();
`;

describe('A log that has become large', () => {
  after(removeTemporaryFolders);

  it('is moved away without the loss of a line while its process writes', async () => {
    const file = join(temporaryFolder(), 'peer.log');
    const log = openSync(file, 'a', 0o600);
    const writer = spawn(process.execPath, ['-e', WRITER], { stdio: ['ignore', log, 'inherit'] });
    closeSync(log);
    const exit = once(writer, 'exit');
    let moved = 0;
    while (moved < 5) {
      await pause(20);
      if (await rotateLog(file, writer, { bytes: 4096, kept: 9 })) moved += 1;
    }
    writer.kill('SIGTERM');
    await exit;
    const lines = [5, 4, 3, 2, 1]
      .map((number) => `${file}.${number}`)
      .concat(file)
      .flatMap((part) => readFileSync(part, 'utf8').split('\n').slice(0, -1));
    assert.ok(lines.length > 1000, `${lines.length} lines`);
    assert.deepEqual(
      lines,
      lines.map((_, number) => `line ${number}`),
    );
  });

  it('keeps as many older parts as it is told, the newest first, for its owner alone', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'network.log');
    for (const line of ['one', 'two', 'three', 'four']) {
      appendFileSync(file, line);
      assert.equal(await rotateLog(file, 'this process', { bytes: 1, kept: 2 }), true);
    }
    assert.deepEqual(readdirSync(folder).sort(), ['network.log', 'network.log.1', 'network.log.2']);
    assert.equal(readFileSync(`${file}.1`, 'utf8'), 'four');
    assert.equal(readFileSync(`${file}.2`, 'utf8'), 'three');
    assert.equal(readFileSync(file, 'utf8'), '');
    assert.equal(statSync(`${file}.1`).mode & 0o077, 0);
  });

  it('stays as it is while it is small', async () => {
    const file = join(temporaryFolder(), 'network.log');
    writeFileSync(file, 'small');
    assert.equal(await rotateLog(file, 'this process', { bytes: 5, kept: 2 }), false);
    assert.equal(readFileSync(file, 'utf8'), 'small');
    assert.ok(!existsSync(`${file}.1`));
  });
});
