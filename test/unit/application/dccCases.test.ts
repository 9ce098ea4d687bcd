import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instantOf } from '@tracecal/core/model';
import { certificateFiles } from '@tracecal/gateway-client/application';
import { linesFor, moved } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';
import { ALPHA, CASES, CASE_NAMES, NORTH, STANDARD, titleOf } from '../../support/situations/cases.js';
import { CaseStage } from '../../support/situations/stage.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('situations of calibration certificates', () => {
  let world: MemoryWorld;
  let files: ReadonlyMap<string, Buffer>;
  let content: string;
  before(async function () {
    const all = sharedFiles(requireSharedData(this, 'cases'));
    files = moved(new Map([...all].filter(([name]) => name.endsWith('.xml'))));
    const lines = linesFor([...files.values()]);
    world = await MemoryWorld.found(lines, lines, CASE_NAMES);
    content = temporaryFolder();
    const stage = new CaseStage({ session: world.session(content), files });
    await stage.take({ file: 't0' }, NORTH);
    await stage.take({ file: 't1' }, STANDARD);
  });
  after(removeTemporaryFolders);

  const stageOf = () => new CaseStage({ session: world.fork().session(content), files, asOf: inAnHour });

  it('is left as it is if the same file was registered before, also of a set', async () => {
    const stage = stageOf();
    for (const file of ['c05', 'c09']) {
      const first = await stage.take({ file }, ALPHA);
      const second = await stage.take({ file }, ALPHA);
      assert.deepEqual(
        second.map(({ report, committed }) => [report, committed]),
        first.map(({ report }) => [report, null]),
      );
    }
  });

  for (const each of CASES) {
    it(titleOf(each), () => stageOf().play(each));
  }
});

describe('a folder of certificates', () => {
  after(removeTemporaryFolders);

  it('is read with all that is below, in the order of names', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'b', 'c'), { recursive: true });
    for (const name of ['z.xml', 'a.XML', 'notes.txt', 'b/2.xml', 'b/c/1.xml']) {
      writeFileSync(join(folder, name), '');
    }
    const found = await certificateFiles([folder, join(folder, 'z.xml'), 'elsewhere.xml']);
    const names = ['a.XML', join('b', '2.xml'), join('b', 'c', '1.xml'), 'z.xml'];
    assert.deepEqual(found, [...names.map((name) => join(folder, name)), 'elsewhere.xml']);
  });
});

/** Transactions of a ledger in memory are a minute apart. */
function inAnHour() {
  return instantOf(Date.now() + 3_600_000);
}
