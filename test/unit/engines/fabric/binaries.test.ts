import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FabricError, findBinaries } from '@tracecal/network/fabric';
import { withTemporaryFolder } from './temporaryFolder.js';

async function program(folder: string, name: string, prints: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\nprintf '${prints}'\n`, { mode: 0o755 });
}

function missing(pattern: RegExp) {
  return (error: unknown): boolean =>
    error instanceof FabricError && error.code === 'BINARY_MISSING' && pattern.test(error.message);
}

describe("Fabric's programs", () => {
  it('are found in the folder that is named', () =>
    withTemporaryFolder(async (folder) => {
      await program(folder, 'peer', 'peer:\\n Version: v3.1.5\\n Commit SHA: 1\\n');
      await program(folder, 'orderer', 'orderer:\\n Version: v3.1.5\\n Commit SHA: 1\\n');
      assert.deepEqual(await findBinaries(folder), { peer: join(folder, 'peer'), orderer: join(folder, 'orderer') });
    }));

  it('are asked for with the official way to get them when they are missing', () =>
    withTemporaryFolder(async (folder) => {
      await assert.rejects(
        findBinaries(folder),
        missing(/no Fabric `(peer|orderer)` program.*install-fabric\.sh.*releases/),
      );
    }));

  it('must be of Fabric 3, which has BFT orderers', () =>
    withTemporaryFolder(async (folder) => {
      await program(folder, 'peer', 'peer:\\n Version: v2.5.9\\n');
      await program(folder, 'orderer', 'orderer:\\n Version: v2.5.9\\n');
      await assert.rejects(findBinaries(folder), missing(/is v2\.5\.9/));
    }));

  it('are not mistaken for others of the same name', () =>
    withTemporaryFolder(async (folder) => {
      await program(folder, 'peer', 'a peer review tool');
      await program(folder, 'orderer', '');
      await assert.rejects(findBinaries(folder), missing(/is not one of Hyperledger Fabric/));
    }));

  it('are not called others where they only answer too late', () =>
    withTemporaryFolder(async (folder) => {
      for (const name of ['peer', 'orderer']) {
        await writeFile(join(folder, name), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
      }
      await assert.rejects(findBinaries(folder, 20), missing(/did not say its version within 0\.02 s/));
    }));
});
