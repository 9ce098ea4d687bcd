import { printable } from '@tracecal/core/model';
import { brokenGate } from './checkGate.js';
import { opens } from './outcomes.js';
import type { GateReport } from './checkGate.js';
import type { Refreshed } from './refreshGate.js';

/** More ids would make the line too long for a journal. */
const MOST_NAMED = 16;

/**
 * The gate's one line in the journal: `key=value`, in this order. API: keys keep their meaning, new ones come before `why`, which is last.
 * A device's id holds no space.
 */
export function journalLine({ outcome, exitCode, devices, verdict, heartbeat, why }: GateReport): string {
  const decisive = devices.find((each) => each.outcome === outcome)?.device;
  const closed = devices.filter((each) => !opens(each.outcome));
  const values = [
    ['outcome', outcome],
    ['code', exitCode],
    ['devices', namesOf(devices)],
    ['decided-by', decisive === undefined ? '-' : wordOf(decisive)],
    ['verdict', verdict ?? '-'],
    ['heartbeat', heartbeat ?? '-'],
    ['closed', namesOf(closed)],
    ['why', JSON.stringify(printable(why))],
  ];
  return `tracecal-gate: ${values.map(([key, value]) => `${key}=${value}`).join(' ')}`;
}

function namesOf(devices: GateReport['devices']): string {
  const named = devices.slice(0, MOST_NAMED).map(({ device }) => wordOf(device));
  const more = devices.length > named.length ? [`+${devices.length - named.length}`] : [];
  return [...named, ...more].join(',') || '-';
}

/** The line of a command that failed by itself. A refresh decides nothing, and must not look as if it did. */
export function failureLine(command: string, why: string): string {
  return command === 'refresh' ? notRefreshedLine(why) : journalLine(brokenGate(why));
}

/** @param leaks - What sites have learned, they have learned also where they were of no use. */
export function notRefreshedLine(why: string, leaks: readonly string[] = []): string {
  return `tracecal-gate: refreshed=no leaks=${quoted(leaks.join(' '))} why=${quoted(why)}`;
}

export function refreshedLine({ from, epochs, bundles, outcome, leaks, failed }: Refreshed): string {
  const values = [`from=${from}`, `epochs=${epochs}`, `bundles=${bundles}`, `gate-would=${outcome}`];
  return `tracecal-gate: refreshed=yes ${values.join(' ')} leaks=${quoted(leaks.join(' '))} failed=${quoted(failed.join(' '))}`;
}

function quoted(text: string): string {
  return JSON.stringify(printable(text, 4096));
}

function wordOf(text: string): string {
  return printable(text).replaceAll(/[\s,="]/g, '_');
}
