import assert from 'node:assert/strict';
import { exportedDirectivesText } from '@tracecal/cli';

describe('What tracecal directive export says', () => {
  const exported = {
    folder: 'directives',
    operator: 'oem-a',
    directives: 2,
    written: 1,
    certificates: ['ab'.repeat(32)],
  };

  it('shows the fingerprints that are to be compared as they are, no command', () => {
    const lines = exportedDirectivesText(exported, 'operator.json').split('\n');
    assert.match(lines[1] ?? '', /fingerprints/);
    assert.equal(lines[2]?.trim(), 'ab'.repeat(32));
  });

  it('says nothing of fingerprints where no pin file was written', () => {
    assert.equal(exportedDirectivesText(exported, undefined), 'directives has 2 directives of oem-a: 1 new.');
  });
});
