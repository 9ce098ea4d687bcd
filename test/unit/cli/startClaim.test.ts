import assert from 'node:assert/strict';
import fs from 'node:fs';
import sinon from 'sinon';
import { claimStart, DataDirectory } from '@tracecal/cli';
import { processBeginning } from '@tracecal/network/engine';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

/** Of this process's parent, which runs as long as the test does. */
const HELD = JSON.stringify({ pid: process.ppid, began: processBeginning(process.ppid) });
const STALE = JSON.stringify({ pid: process.pid, began: 'of an earlier process with this id' });

describe('the claim to start a network', () => {
  let data: DataDirectory;

  beforeEach(() => {
    data = new DataDirectory(temporaryFolder(), {});
  });
  afterEach(() => {
    sinon.restore();
  });
  after(removeTemporaryFolders);

  it('is refused while another holds it, and can be had again when it was given back', () => {
    const giveBack = claimStart(data);
    assert.throws(() => claimStart(data), { code: 'ALREADY_RUNNING' });
    giveBack();
    claimStart(data)();
    assert.deepEqual(fs.readdirSync(data.root), []);
  });

  for (const [what, claim] of [
    ['of a process that is gone', STALE],
    ['that does not say when its process began', JSON.stringify({ pid: 2 ** 22 + 1 })],
    ['that cannot be read', '{'],
  ] as const) {
    it(`counts for nothing if it is one ${what}`, () => {
      fs.writeFileSync(data.startFile, claim);
      claimStart(data)();
      assert.deepEqual(fs.readdirSync(data.root), []);
    });
  }

  it('stays with who was faster to find the one before stale', () => {
    fs.writeFileSync(data.startFile, STALE);
    const rename = sinon.stub(fs, 'renameSync').callsFake((from, to) => {
      fs.writeFileSync(data.startFile, HELD);
      rename.wrappedMethod(from, to);
    });
    assert.throws(() => claimStart(data), { code: 'ALREADY_RUNNING' });
    assert.equal(fs.readFileSync(data.startFile, 'utf8'), HELD);
    assert.equal(fs.readdirSync(data.root).length, 1);
  });
});
