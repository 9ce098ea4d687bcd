import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InspectedFile } from '@tracecal/gateway-client/dcc';
import { exampleFiles, tracecal } from '../../support/commandLine.js';
import { laboratory, sealed } from '../../support/seals/expectations.js';
import { signedCertificate } from '../../support/seals/signedCertificate.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';
import { CANONICAL_CERTIFICATE, smallCertificate } from '../../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const RED = '\u001b[31m';
const YELLOW = '\u001b[33m';
/** Every line has room. */
const WIDE = { COLUMNS: '250' };

function written(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), 'certificate.xml');
  writeFileSync(path, content);
  return path;
}

async function inspected(path: string) {
  const { code, stdout } = await tracecal(['dcc', 'inspect', path, '--json']);
  const [file] = JSON.parse(stdout) as InspectedFile[];
  assert.ok(file);
  const { stdout: shown } = await tracecal(['dcc', 'inspect', path], { terminal: true, environment: WIDE });
  const { stdout: plain } = await tracecal(['dcc', 'inspect', path], { environment: WIDE });
  return { code, file, shown, plain };
}

describe('tracecal dcc inspect', () => {
  after(removeTemporaryFolders);

  it('is red and ends with 1 for a certificate that was changed after signing', async () => {
    const changed = sealed({ certificate: CANONICAL_CERTIFICATE }).toString().replace('20.10', '20.11');
    const { code, file, shown, plain } = await inspected(written(changed));
    assert.equal(code, 1);
    assert.deepEqual(
      [file.ok, file.signed, file.seal?.state, file.seal?.failedStep],
      [true, true, 'not-verified', 'reference-digest'],
    );
    assert.ok(shown.startsWith(`${RED}✗`));
    assert.ok(shown.includes(`${RED}does not hold (reference-digest): The certificate was changed after signing`));
    assert.match(
      plain,
      /^✗ .*\n {2}signature +does not hold \(reference-digest\): The certificate was changed after signing/,
    );
  });

  it('says of a signature that fits who has not been checked, in yellow, and with which command', async () => {
    const { code, file, shown, plain } = await inspected(
      written(signedCertificate({ signer: laboratory, certificate: CANONICAL_CERTIFICATE })),
    );
    assert.equal(code, 0);
    assert.deepEqual([file.seal?.state, file.seal?.failedStep], ['indeterminate', 'trust-anchor']);
    assert.ok(shown.includes(`${YELLOW}not proven`));
    assert.match(
      plain,
      /^ {2}signature +not proven \(trust-anchor\): .*nobody says who signed.*tracecal dcc seal FILE --anchors/m,
    );
  });

  it('says of a signature that covers nothing that the certificate counts as unsigned', async () => {
    const tail = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>';
    const { code, file, plain } = await inspected(written(smallCertificate({ tail })));
    assert.deepEqual([code, file.seal?.state], [0, 'absent']);
    assert.match(plain, /^ {2}signature +not signed: /m);
  });

  it('says of an unsigned certificate that there is no signature', async () => {
    const { code, file, plain } = await inspected(exampleFiles()[0] ?? '');
    assert.deepEqual([code, file.signed, file.seal], [0, false, null]);
    assert.match(plain, /^ {2}signature +none$/m);
  });

  it('tells manipulated from genuine ones among published certificates', async function () {
    const files = sharedFiles(requireSharedData(this, 'dcc', 'signed'));
    const states = new Map<string, string | undefined>();
    for (const [name, bytes] of files) {
      const { code, file } = await inspected(written(bytes));
      assert.equal(code, name.includes('manipulated') ? 1 : 0, name);
      states.set(name, file.seal?.state);
    }
    assert.deepEqual(new Set(states.values()), new Set(['not-verified', 'indeterminate']));
  });
});
