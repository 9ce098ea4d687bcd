import { instantOf } from '@tracecal/core/model';
import { linesFor, moved } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { ALPHA, titleOf } from '../../support/situations/cases.js';
import { exampleFiles, EXAMPLES, FOUNDATION } from '../../support/situations/examples.js';
import { CaseStage } from '../../support/situations/stage.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('situations of example certificates', () => {
  const files = moved(exampleFiles());
  let world: MemoryWorld;
  let content: string;
  before(async () => {
    const lines = linesFor([...files.values()]);
    world = await MemoryWorld.found(lines, lines);
    content = temporaryFolder();
    const stage = new CaseStage({ session: world.session(content), files });
    for (const step of FOUNDATION) {
      await stage.take(step, ALPHA);
    }
  });
  after(removeTemporaryFolders);

  for (const each of EXAMPLES) {
    it(titleOf(each), async () => {
      const session = world.fork().session(content);
      await new CaseStage({ session, files, asOf: () => instantOf(Date.now() + 3_600_000) }).play(each);
    });
  }
});
