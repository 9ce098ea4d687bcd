import { Cast, sessionOf, type CastNames } from '../support/castSession.js';
import { linesFor, moved } from '../support/caseFiles.js';
import { engineName } from '../support/engine.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { requireSharedData, sharedFiles } from '../support/sharedData.js';
import {
  ALPHA,
  CASE_NAMES,
  CASES,
  NORTH,
  STANDARD,
  titleOf,
  type Case,
  type Step,
} from '../support/situations/cases.js';
import { exampleFiles, EXAMPLES, FOUNDATION } from '../support/situations/examples.js';
import { CaseStage } from '../support/situations/stage.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

/** In one registry, so the numbers of each situation begin with a tag. */
function situations(
  subject: string,
  cases: readonly Case[],
  { foundation, names }: { readonly foundation: readonly Step[]; readonly names?: CastNames },
  read: (test: Mocha.Context) => ReadonlyMap<string, Buffer>,
): void {
  describe(`${subject} [${engineName}]`, function () {
    this.timeout(60_000);
    let registry: RegistryNetwork;
    let cast: Cast;
    let originals: ReadonlyMap<string, Buffer>;
    let content: string;

    before(async function () {
      this.timeout(240_000);
      originals = read(this);
      const lines = linesFor([...originals.values()]);
      cast = await Cast.of(lines, lines, names);
      registry = await RegistryNetwork.start(cast);
      await registry.submitNew();
      content = temporaryFolder();
    });

    after(async function () {
      await (registry as RegistryNetwork | undefined)?.stop();
      removeTemporaryFolders();
    });

    cases.forEach((each, number) => {
      it(titleOf(each), async () => {
        const tag = `N${number}-`;
        const session = sessionOf(cast, (organisation) => registry.as(organisation), content);
        const stage = new CaseStage({ session, files: moved(originals, tag), tag });
        for (const step of foundation) {
          await stage.take(step, ALPHA);
        }
        await stage.play(each);
      });
    });
  });
}

situations(
  'Situations of calibration certificates',
  CASES,
  {
    foundation: [
      { file: 't0', role: NORTH },
      { file: 't1', role: STANDARD },
    ],
    names: CASE_NAMES,
  },
  (test) => {
    const all = sharedFiles(requireSharedData(test, 'cases'));
    return new Map([...all].filter(([name]) => name.endsWith('.xml')));
  },
);

situations('Situations of example certificates', EXAMPLES, { foundation: FOUNDATION }, exampleFiles);
