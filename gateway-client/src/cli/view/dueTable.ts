import type { DueDate, DueState } from '../operations/dueDates.js';
import type { Style } from '../style.js';
import { table } from './table.js';

const COLUMNS = [
  { title: 'due', of: ({ due }: DueDate) => due },
  { title: 'state', of: ({ state }: DueDate) => state },
  { title: 'device', of: ({ device }: DueDate) => device },
  { title: 'kinds', of: ({ quantities }: DueDate) => (quantities.length === 0 ? null : quantities.join(', ')) },
  { title: 'report', of: ({ report }: DueDate) => report },
  { title: 'performed', of: ({ performed }: DueDate) => performed },
  { title: 'interval', of: intervalText },
];

function intervalText({ intervalDays, by }: DueDate): string | null {
  if (intervalDays !== null) {
    return intervalDays === 1 ? '1 day' : `${intervalDays} days`;
  }
  return by === 'certificate' ? 'by certificate' : null;
}

/** When devices are due, a calibration a row. */
export function dueTable(rows: readonly DueDate[], style: Style): string {
  return table(COLUMNS, rows, style);
}

/** How many calibrations are in which state: `1 overdue, 2 due soon, 14 valid`. */
export function dueCounts(counts: Readonly<Record<DueState, number>>): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return told.map(([state, count]) => `${count} ${state}`).join(', ');
}
