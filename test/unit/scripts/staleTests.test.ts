import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SCRIPT = join(dirname(require.resolve('@tracecal/test/package.json')), '..', '.scripts', 'staleTests.mjs');

describe('A build after a test was deleted', () => {
  before(function () {
    if (!existsSync(SCRIPT)) {
      console.log('      SKIPPED: the scripts of the checkout are not here');
      this.skip();
    }
  });

  after(removeTemporaryFolders);

  it('does not run the compiled test any more, and keeps everything else', async () => {
    const { removeStaleTests } = (await import(pathToFileURL(SCRIPT).href)) as {
      removeStaleTests: (tests: string) => void;
    };
    const tests = temporaryFolder();
    removeStaleTests(tests);
    const write = (...path: readonly string[]) => {
      mkdirSync(dirname(join(tests, ...path)), { recursive: true });
      writeFileSync(join(tests, ...path), '');
    };
    write('unit', 'kept.test.ts');
    for (const name of ['kept', 'gone']) {
      for (const end of ['test.js', 'test.js.map', 'test.d.ts']) write('dist', 'unit', `${name}.${end}`);
    }
    write('dist', 'support', 'helper.js');
    removeStaleTests(tests);
    assert.deepEqual(readdirSync(join(tests, 'dist', 'unit')), ['kept.test.d.ts', 'kept.test.js', 'kept.test.js.map']);
    assert.deepEqual(readdirSync(join(tests, 'dist', 'support')), ['helper.js']);
  });
});
