import { describedPaper, oneLine } from '../../dcc/index.js';
import { registeredId } from '../operations/ids.js';
import { paperParent } from '../operations/paperParent.js';
import type { Session } from '../session/session.js';
import type { GivenParents } from './parents.js';

/** Parents that a person names on the command line. */
export async function givenParents(
  session: Session,
  reports: readonly string[],
  papers: readonly string[],
  isForThisFile: boolean,
): Promise<GivenParents> {
  const reader = await session.reader();
  return {
    reports: await Promise.all(
      reports.map(async (given) => {
        const report = await reader.getReport(await registeredId(session, 'report', given));
        return { report, serial: oneLine((await reader.getDevice(report.body.device)).serial) };
      }),
    ),
    papers: (await Promise.all(papers.map(paperParent))).map((paper) => describedPaper(paper)),
    isForThisFile,
  };
}
