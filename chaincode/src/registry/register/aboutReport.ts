import { entriesOf } from '@tracecal/core/model';
import type { Entry, ReportRecord } from '@tracecal/core/model';
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
