import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportAnswer } from '@tracecal/core/contracts';
import { originalOf } from '@tracecal/cli';
import { DirectoryStore, sha256Hex } from '@tracecal/gateway-client/dcc';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const ORIGINAL = Buffer.from([0x3c, 0x00, 0x0d, 0x0a, 0xff, 0x3e]);

describe('The original of a report', () => {
  let folder: string;
  let store: DirectoryStore;

  beforeEach(() => {
    folder = temporaryFolder();
    store = new DirectoryStore(folder);
  });
  after(removeTemporaryFolders);

  it('is the file byte for byte', async () => {
    const sha256 = await store.put(ORIGINAL);
    const original = await originalOf(reportOf(sha256), store);
    assert.deepEqual([Buffer.from(original.bytes), original.sha256], [ORIGINAL, sha256]);
  });

  it('is asked of the laboratory or the owner where it is not kept here', async () => {
    const sha256 = sha256Hex(ORIGINAL);
    await assert.rejects(originalOf(reportOf(sha256), store), (error: Error) => {
      assert.match(error.message, /lab\/R-1 is not kept in this data directory.* ask lab or the owner of lab\/d-1/);
      assert.ok(error.message.includes(sha256));
      return true;
    });
  });

  it('does not exist for a report that was made from no file', async () => {
    await assert.rejects(originalOf(reportOf(null), store), /not made from a certificate file/);
  });

  it('is refused once its bytes have changed: the digest on the ledger decides', async () => {
    const sha256 = await store.put(ORIGINAL);
    writeFileSync(join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256), 'something else');
    await assert.rejects(originalOf(reportOf(sha256), store), { code: 'STORE_DAMAGED' });
  });
});

function reportOf(certificateSha256: string | null) {
  return {
    id: 'lab/R-1',
    organisation: 'lab',
    body: { device: 'lab/d-1', certificateSha256 },
  } as unknown as ReportAnswer;
}
