import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seal } from '@tracecal/gateway-client/dcc';
import { tracecal } from '../../support/commandLine.js';
import { cleanLists, laboratory, middle, root, sealed, stampRoot } from '../../support/seals/expectations.js';
import { signedCertificate } from '../../support/seals/signedCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

function written(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

describe('tracecal dcc seal', () => {
  after(removeTemporaryFolders);

  it('ends with 0 only for a verified seal, and names the step that does not hold', async () => {
    const anchors = ['--anchors', written('root.pem', root.pem), written('stamps.pem', stampRoot.pem)];
    const file = written('sealed.xml', sealed());
    const good = await tracecal(['dcc', 'seal', file, ...anchors]);
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /sealed\.xml: verified\n {2}Signed by "CN=Laboratory"/);
    assert.match(good.stdout, /^ {2}proven +2025-06-10T12:00:05.000Z, by a timestamp$/m);
    const open = await tracecal(['dcc', 'seal', file]);
    assert.equal(open.code, 1);
    assert.match(open.stdout, /not proven \(trust-anchor\)/);
    const changed = written('changed.xml', sealed().toString().replace('20.10', '20.11'));
    const bad = await tracecal(['dcc', 'seal', changed, ...anchors, '--json']);
    assert.equal(bad.code, 1);
    const seal = JSON.parse(bad.stdout) as Seal;
    assert.deepEqual([seal.state, seal.failedStep], ['not-verified', 'reference-digest']);
  });

  it('takes the chain, the revocation data and the time from elsewhere', async () => {
    const file = written('plain.xml', signedCertificate({ signer: laboratory }));
    const { code, stdout } = await tracecal([
      ...['dcc', 'seal', file, '--anchors', written('root.pem', root.pem)],
      ...['--intermediates', written('middle.pem', middle.pem), '--taken-in', '2025-06-20'],
      ...['--revocation', ...cleanLists().map((list, index) => written(`${index}.crl`, list))],
    ]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^ {2}proven .*, by the time given \(--taken-in\)$/m);
  });

  it('ends with 2 when a file cannot be used', async () => {
    const file = written('sealed.xml', sealed());
    const nothing = written('nothing.pem', 'nothing');
    assert.equal((await tracecal(['dcc', 'seal', file, '--anchors', nothing])).code, 2);
    assert.equal((await tracecal(['dcc', 'seal', join(temporaryFolder(), 'nowhere')])).code, 2);
    assert.equal((await tracecal(['dcc', 'seal', written('x.xml', '<!DOCTYPE x><x/>')])).code, 2);
  });
});
