import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aboutData, CliError } from '@tracecal/cli';
import { TraceCalError, writeTrustFile } from '@tracecal/gateway-client';
import { CalibrationKeys, readWatch, writeNewFile, writeSeen, writeWatch } from '@tracecal/gateway-client/application';
import { SEALED } from '../../support/hierarchy.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SEEN = { registry: 'calibration', epoch: 1, digest: 'ab'.repeat(32), time: SEALED };
const WATCH = { startBlock: '0', lastTransaction: null, devices: {}, outbox: [] };

describe('A file that cannot be written', () => {
  let folder: string;
  let inTheWay: string;

  before(() => {
    folder = temporaryFolder();
    inTheWay = join(folder, 'file');
    writeFileSync(inTheWay, 'of somebody');
  });

  after(removeTemporaryFolders);

  async function told(write: Promise<unknown>, why: RegExp, code = 'FILE_UNWRITABLE'): Promise<void> {
    await assert.rejects(write, (error: Error & { readonly code?: string }) => {
      assert.equal(error.code, code, String(error));
      assert.match(error.message, why);
      return true;
    });
  }

  it('is told with its name, the cause and a code, whatever was to be kept in it', async () => {
    const absent = (name: string) => join(folder, 'absent', name);
    await told(writeSeen(absent('seen.json'), SEEN), /absent.seen\.json cannot be written: its folder does not exist/);
    await told(writeNewFile(absent('new.json'), 'x'), /absent.new\.json cannot be written: its folder does not exist/);
    await told(writeNewFile(inTheWay, 'x'), /file exists already: name a new file/);
    await told(writeWatch(join(inTheWay, 'watch.json'), WATCH), /file cannot be written: /);
    const trust = { type: 'tracecal-trust/1', roots: [{ name: 'a', sha256: 'ab'.repeat(32) }], heartbeats: { k: 1 } };
    const unchanged = /absent.trust\.json cannot be written: its folder does not exist/;
    await told(writeTrustFile(absent('trust.json'), trust as never), unchanged, 'TRUST_UNCHANGED');
    await told(new CalibrationKeys(join(inTheWay, 'keys')).organisation('oem-z', null), /cannot be written: /);
    assert.deepEqual(readdirSync(folder), ['file'], 'and nothing is left behind');
  });

  it('is not taken for one that is damaged where it is a folder', async () => {
    mkdirSync(join(folder, 'watch.json'));
    await told(readWatch(join(folder, 'watch.json')), /is a folder: name a file/, 'FILE_UNREADABLE');
    await told(writeSeen(join(folder, 'watch.json'), SEEN), /watch\.json cannot be written: /);
  });

  it('is told as the data directory where it is in there, and as itself elsewhere', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const at = (detail: string) =>
      new TraceCalError('FILE_UNWRITABLE', `${detail} cannot be written`, { cause, detail });
    const said = aboutData(at('/data/trust.json'), '/data');
    assert.ok(said instanceof CliError);
    assert.equal(said.code, 'DISK_FULL');
    const elsewhere = at('/elsewhere/seen.json');
    assert.equal(aboutData(elsewhere, '/data'), elsewhere);
  });
});
