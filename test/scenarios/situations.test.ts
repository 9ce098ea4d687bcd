import { Cast, sessionOf } from '../support/castSession.js';
import { linesFor, moved } from '../support/caseFiles.js';
import { engineName } from '../support/engine.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { requireSharedData, sharedFiles } from '../support/sharedData.js';
import { CASES, FOR_ALPHA, NORTH, titleOf } from '../support/situations/cases.js';
import { CaseStage } from '../support/situations/stage.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

/** One registry for all of them, so their numbers differ by a tag. */
describe(`Situations of calibration certificates [${engineName}]`, function () {
  this.timeout(60_000);
  let registry: RegistryNetwork;
  let cast: Cast;
  let originals: ReadonlyMap<string, Buffer>;
  let content: string;

  before(async function () {
    this.timeout(240_000);
    const all = sharedFiles(requireSharedData(this, 'cases'));
    originals = new Map([...all].filter(([name]) => name.endsWith('.xml')));
    const lines = linesFor([...originals.values()]);
    cast = await Cast.of(lines, lines);
    registry = await RegistryNetwork.start(cast);
    await registry.submitNew();
    content = temporaryFolder();
  });

  after(async function () {
    await (registry as RegistryNetwork | undefined)?.stop();
    removeTemporaryFolders();
  });

  CASES.forEach((each, number) => {
    if (each.pending !== undefined) {
      return;
    }
    it(titleOf(each), async () => {
      const tag = `N${number}-`;
      const session = sessionOf(cast, (organisation) => registry.as(organisation), content);
      const stage = new CaseStage({ session, files: moved(originals, tag), tag });
      await stage.take({ file: 't0' }, NORTH);
      await stage.take({ file: 't1' }, FOR_ALPHA);
      await stage.play(each);
    });
  });
});
