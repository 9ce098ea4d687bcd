import type { AffectedDevice } from '@tracecal/core/contracts';
import { instantOf } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import type { Consequences } from '@tracecal/gateway-client/application';
import { counted } from './counts.js';

/** A question names a few devices; `--dry-run --json` names all. */
const NAMED = 5;

/** `42 devices`, `1 device`, `No device`, `More than 10000 devices`. */
export function devicesText(count: number, isComplete = true): string {
  if (!isComplete) {
    return count === 0 ? 'More devices than can be counted' : `More than ${count} devices`;
  }
  return count === 0 ? 'No device' : counted(count, 'device');
}

/** The first few, by their names. */
export function namedDevices(devices: readonly Pick<AffectedDevice, 'device'>[]): string {
  const named = devices.slice(0, NAMED).map(({ device }) => printable(device));
  const more = devices.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** What happens to devices, in sentences: how many fail, which, from when on, and which do not. */
export function consequencesText(consequences: Consequences, action: 'revoke' | 'suspend'): string {
  return [failingText(consequences, action), ...keptText(consequences)].join(' ');
}

function failingText({ failing, kept, effective, isComplete }: Consequences, action: 'revoke' | 'suspend'): string {
  // Where some are kept and the list is cut, how many fail is known all the same.
  const count = devicesText(failing.length, isComplete || kept.length > 0);
  const isLater = effective !== null && effective > instantOf(Date.now());
  const when = `${isLater ? ` from ${effective} on` : ''}${action === 'suspend' ? ' as long as it lasts' : ''}`;
  const names = failing.length === 0 ? '' : `: ${namedDevices(failing)}`;
  return `${count} will fail${when}${names}.`;
}

function keptText({ kept, effective, isComplete }: Consequences): readonly string[] {
  if (kept.length === 0) {
    return [];
  }
  const count = devicesText(kept.length, isComplete);
  const depend = kept.length === 1 && isComplete ? 'depends' : 'depend';
  const isPast = effective !== null && effective <= instantOf(Date.now());
  return [
    isPast
      ? `${count} ${depend} on it: those also fail that rest on work done since ${effective}.`
      : `${count} ${depend} on earlier work, which stays valid.`,
  ];
}
