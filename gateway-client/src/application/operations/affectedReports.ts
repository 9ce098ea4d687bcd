import type { AffectedDevice, ReportAnswer } from '@tracecal/core/contracts';
import type { CalendarDate } from '@tracecal/core/model';
import type { TraceCal } from '../../client/index.js';
import { compareTexts } from '../textOrder.js';
import { together } from '../together.js';

/** A report that rests on something, with who signed it. */
export interface AffectedReport extends Pick<ReportAnswer, 'id' | 'organisation'> {
  readonly device: string;
  readonly owner: string;
  readonly performed: ReportAnswer['body']['performed'];
  readonly technician: string;
  readonly supersededBy: string | null;
}

/** Days on which the work of a report ended; absent: no limit. */
export interface Span {
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
}

/** The reports by which devices are affected, if their work ended within a span, the earliest first. */
export async function affectedReports(
  reader: Pick<TraceCal, 'getReport'>,
  devices: readonly AffectedDevice[],
  { from, to }: Span = {},
): Promise<readonly AffectedReport[]> {
  const affected = devices.flatMap(({ owner, reports }) => reports.map((id) => ({ owner, id })));
  const reports = await together(affected, async ({ owner, id }): Promise<AffectedReport> => {
    const { organisation, body, record } = await reader.getReport(id);
    const { device, performed, technician } = body;
    return { id, organisation, device, owner, performed, technician, supersededBy: record.supersededBy };
  });
  return reports
    .filter(({ performed: { end } }) => (from === undefined || end >= from) && (to === undefined || end <= to))
    .sort((one, other) => compareTexts(one.performed.end, other.performed.end) || compareTexts(one.id, other.id));
}
