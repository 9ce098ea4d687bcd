import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { exampleCertificates } from '../../support/exampleCertificates.js';
import { requireSharedData } from '../../support/sharedData.js';

describe('certificates that we write', () => {
  it('are valid by the published schema of DCC 3.3.0', function () {
    const schema = requireSharedData(this, 'dcc', 'xsd', 'dcc', 'v3.3.0', 'dcc.xsd');
    if (spawnSync('xmllint', ['--version']).error) {
      console.warn('    skipped: xmllint is not on PATH (Debian has it in libxml2-utils).');
      this.skip();
    }
    for (const [name, bytes] of exampleCertificates()) {
      const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, '-'], {
        input: bytes,
      });
      assert.equal(status, 0, `${name}: ${stderr.toString('utf8')}`);
    }
  });
});
