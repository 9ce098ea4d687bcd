import { entriesOf } from '@tracecal/core/model';
import type { Entry, ReportRecord } from '@tracecal/core/model';
import type { StateWriter } from '../state.js';

/** All statements of an author about a report. They are numbered in one sequence, although several records hold them. */
export async function entriesAboutReport(
  state: StateWriter,
  report: ReportRecord,
  author: string,
): Promise<readonly Entry[]> {
  const { id } = report;
  return [
    ...entriesOf.report(report),
    ...(await state.reviews(id, author)),
    ...(await state.confirmations(id)),
    ...(await state.vouchings(id)),
  ];
}
