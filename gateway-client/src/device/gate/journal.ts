import { printable } from '@tracecal/core/model';
import type { GateReport } from './checkGate.js';

/** More ids would make the line too long for a journal. */
const MOST_NAMED = 16;

/**
 * The gate's one line in the journal: `key=value`, in this order. API: keys keep their meaning, new ones come before `why`, which is last.
 * A device's id holds no space.
 */
export function journalLine({ outcome, exitCode, devices, verdict, heartbeat, why }: GateReport): string {
  const named = devices.slice(0, MOST_NAMED).map(({ device }) => wordOf(device));
  const more = devices.length > named.length ? [`+${devices.length - named.length}`] : [];
  const decisive = devices.find((each) => each.outcome === outcome)?.device;
  const values = [
    ['outcome', outcome],
    ['code', exitCode],
    ['devices', [...named, ...more].join(',') || '-'],
    ['decided-by', decisive === undefined ? '-' : wordOf(decisive)],
    ['verdict', verdict ?? '-'],
    ['heartbeat', heartbeat ?? '-'],
    ['why', JSON.stringify(printable(why))],
  ];
  return `tracecal-gate: ${values.map(([key, value]) => `${key}=${value}`).join(' ')}`;
}

function wordOf(text: string): string {
  return printable(text).replaceAll(/[\s,="]/g, '_');
}
