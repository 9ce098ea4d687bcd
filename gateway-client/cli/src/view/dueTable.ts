import type { DueDate, ListedState } from '@tracecal/gateway-client/application';
import type { Style } from '../style.js';
import { counted } from './counts.js';
import { table } from './table.js';

const STATES: Readonly<Record<ListedState, string>> = {
  overdue: 'overdue',
  'due-soon': 'due soon',
  valid: 'valid',
  'no-interval': 'no interval',
  'not-calibrated': 'not calibrated',
};

const COLUMNS = [
  { title: 'due', of: ({ due }: DueDate) => due },
  { title: 'state', of: stateText },
  { title: 'device', of: ({ device }: DueDate) => device },
  { title: 'kinds', of: ({ quantities }: DueDate) => (quantities.length === 0 ? null : quantities.join(', ')) },
  { title: 'report', of: ({ report }: DueDate) => report },
  { title: 'performed', of: ({ performed }: DueDate) => performed },
  { title: 'interval', of: intervalText },
];

function stateText({ state, graceUntil }: DueDate): string {
  return state === 'overdue' && graceUntil !== undefined
    ? `${STATES[state]}, grace until ${graceUntil}`
    : STATES[state];
}

function intervalText({ intervalDays, by }: DueDate): string | null {
  if (intervalDays === null) {
    return by === 'certificate' ? 'by certificate' : null;
  }
  const days = counted(intervalDays, 'day');
  return by === 'owner' ? `${days}, as its owner requires` : days;
}

/** When devices are due, a row for each calibration and day. */
export function dueTable(rows: readonly DueDate[], style: Style): string {
  return table(COLUMNS, rows, style);
}

/** How many calibrations are in which state: `1 overdue, 2 due soon, 14 valid`. */
export function dueCounts(counts: Readonly<Record<ListedState, number>>): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return told.map(([state, count]) => `${count} ${STATES[state as ListedState]}`).join(', ');
}

/** What to do where nobody says when something is due. */
export function noIntervalHint(isLacking: boolean, { hint }: Style): readonly string[] {
  return isLacking
    ? [
        `No interval is set: nobody says when it is due. Set one with ${hint('requirements set')} or ${hint('device set-interval')}.`,
      ]
    : [];
}
