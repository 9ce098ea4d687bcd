import assert from 'node:assert/strict';
import { candidateOf, importCertificate } from '@tracecal/gateway-client/application';
import { linesFor } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { ALPHA } from '../../support/situations/cases.js';
import { wideCertificate } from '../../support/situations/wideCertificate.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

describe('a certificate with more values than a report holds', () => {
  after(removeTemporaryFolders);

  it('is refused before its device is registered, and says how to divide it', async () => {
    const bytes = wideCertificate({ results: 12, rows: 1024 });
    const lines = linesFor([bytes]);
    const session = (await MemoryWorld.found(lines, lines)).session();
    await assert.rejects(importCertificate(session, candidateOf('wide.xml', bytes), ALPHA), {
      code: 'JSON_TOO_LARGE',
      message: /^The results of report lab-alpha\/TEST-1 have \d+ bytes, and a report holds 524288: divide them/,
    });
    for await (const { id } of (await session.reader()).findDevices({ serial: 'S1' })) {
      assert.fail(`${id} is registered`);
    }
  });
});
