import assert from 'node:assert/strict';
import fs from 'node:fs';
import { join } from 'node:path';
import { atomicWrite } from '@tracecal/network/engine';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A file that the network writes', () => {
  after(removeTemporaryFolders);

  it('is on the disk with its name before the write returns, so that a power failure undoes nothing', () => {
    const folder = temporaryFolder();
    const { openSync, fsyncSync, renameSync } = fs;
    const opened = new Map<number, string>();
    const steps: string[] = [];
    fs.openSync = (...args: Parameters<typeof openSync>) => {
      const descriptor = openSync(...args);
      opened.set(descriptor, args[0] === folder ? 'folder' : 'file');
      return descriptor;
    };
    fs.fsyncSync = (descriptor) => {
      fsyncSync(descriptor);
      steps.push(`sync ${opened.get(descriptor) ?? 'nothing'}`);
    };
    fs.renameSync = (...args) => {
      renameSync(...args);
      steps.push('rename');
    };
    try {
      atomicWrite(join(folder, 'ports.json'), '{}');
    } finally {
      Object.assign(fs, { openSync, fsyncSync, renameSync });
    }
    const last = process.platform === 'win32' ? [] : ['sync folder'];
    assert.deepEqual(steps, ['sync file', 'rename', ...last]);
    assert.deepEqual(fs.readdirSync(folder), ['ports.json'], 'and leaves nothing else');
  });
});
