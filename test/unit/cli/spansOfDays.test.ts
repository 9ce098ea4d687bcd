import assert from 'node:assert/strict';
import { tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A span of days whose end comes before its beginning', () => {
  after(removeTemporaryFolders);

  it('is refused, not answered with "no report"', async () => {
    const days = ['--reports', '--from', '2026-03-31', '--to', '2026-03-01'];
    const { code, stderr } = await tracecal(['affected', 'x', ...days], {
      environment: { TRACECAL_DATA: temporaryFolder() },
    });
    assert.equal(code, 2);
    assert.match(stderr, /No day is from 2026-03-31 to 2026-03-01: write the earlier day as --from\./);
  });
});
