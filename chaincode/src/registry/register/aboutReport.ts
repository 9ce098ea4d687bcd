import { entriesOf } from '../../model/index.js';
import type { Entry, ReportRecord } from '../../model/index.js';
import type { StateWriter } from '../state.js';

/** All that an author can have said about a report: numbered one after another, in whichever of its records it is kept. */
export async function entriesAboutReport(
  state: StateWriter,
  report: ReportRecord,
  author: string,
): Promise<readonly Entry[]> {
  const { id } = report;
  return [...entriesOf.report(report), ...(await state.reviews(id, author)), ...(await state.confirmations(id))];
}
