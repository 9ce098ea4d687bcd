import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chaincodeDigest } from '@tracecal/network/chaincode';
import { withTemporaryFolder } from '../engines/fabric/temporaryFolder.js';

describe("A chaincode's digest", () => {
  it('changes with the code of the package, and of the packages that are linked to it', () =>
    withTemporaryFolder(async (folder) => {
      const write = async (file: string, text: string): Promise<void> => {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), text);
      };
      const digest = (): string => chaincodeDigest(join(folder, 'registry'));
      const manifest = {
        name: 'registry',
        files: ['dist', '!dist/**/*.map'],
        dependencies: { rules: '1.0.0', installed: '1.0.0' },
      };
      await write('registry/package.json', JSON.stringify(manifest));
      await write('registry/dist/index.js', 'one');
      await write('rules/package.json', JSON.stringify({ name: 'rules', files: ['dist'] }));
      await write('rules/dist/index.js', 'one');
      await write('node_modules/installed/package.json', JSON.stringify({ name: 'installed' }));
      await write('node_modules/installed/index.js', 'one');
      await symlink('../rules', join(folder, 'node_modules', 'rules'));

      const before = digest();
      await write('node_modules/installed/index.js', 'two');
      await write('rules/notes.txt', 'not published');
      await write('registry/notes.txt', 'not published');
      await write('registry/dist/index.js.map', 'left out of the package');
      assert.equal(digest(), before, 'what npm installed, and what no package publishes, is not part of it');

      await write('rules/dist/index.js', 'two');
      const afterRules = digest();
      assert.notEqual(afterRules, before, 'a linked package is part of it');

      await write('registry/dist/index.js', 'two');
      assert.notEqual(digest(), afterRules, 'the package itself is part of it');
    }));
});
