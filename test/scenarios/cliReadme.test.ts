import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, Reader } from '../support/documentedCommands.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

/** Lines of the README that nobody can run as they stand, and why. */
const NOT_RUN = {
  'dcc validate CERTIFICATE.xml': "needs PTB's schemas; test/unit/dcc/validate.test.ts runs it on schemas of its own",
  'dcc seal CERTIFICATE.xml': 'the examples have no seal; test/unit/cli/dccSeal.test.ts makes some',
} as const;

describe('Commands in the documentation', function () {
  // Each command has a limit of its own: there are dozens of them.
  this.timeout(0);
  let reader: Reader | undefined;

  afterEach(() => {
    reader?.leave();
  });

  after(removeTemporaryFolders);

  it("is done line by line in the README's life by hand, with a device that boots and an auditor in it", () => {
    reader = new Reader(Object.keys(NOT_RUN));
    const life = blocksOf('README.md', 'A life by hand');
    assert.ok(life.length > 3);
    reader.follow(life.slice(0, -1));
    reader.follow(blocksOf('README.md', 'For a device that boots'));
    reader.follow(blocksOf('README.md', 'For an auditor or an insurer'));
    reader.follow(life.slice(-1));
    assert.deepEqual(reader.notRun.toSorted(), Object.keys(NOT_RUN).toSorted());
  });

  it('is done line by line in the exercise of docs/court.md: the forged file is found, the honest one holds', () => {
    reader = new Reader([]);
    const exercise = blocksOf('docs/court.md', 'Type it yourself');
    assert.ok(exercise.length > 3);
    reader.follow(exercise);
    const known = readFileSync(join(reader.folder, 'known.html'), 'utf8');
    assert.match(known, /<strong>TRACEABLE<\/strong>[^]*<strong>FAILED<\/strong>/);
    assert.match(known, /revocation of report[^<]*, by nmi-north/);
  });

  it('is done line by line where docs/operating.md has a laboratory join that keeps its keys', () => {
    reader = new Reader([]);
    const joining = blocksOf('docs/operating.md', 'A laboratory joins');
    assert.ok(joining.length > 4);
    reader.follow(joining);
  });
});
