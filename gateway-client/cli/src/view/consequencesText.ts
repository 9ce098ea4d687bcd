import type { AffectedDevice } from '@tracecal/core/contracts';
import { instantOf } from '@tracecal/core/model';
import type { Subject } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import type { Consequences, Withdrawal } from '@tracecal/gateway-client/application';
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

/**
 * What happens to devices, in sentences: how many fail, which, from when on, and which do not. A revocation from a past day also reaches
 * work done since: which devices those are is not counted, so the sentences name all, and the command that lists that work.
 */
export function consequencesText(
  consequences: Consequences,
  { action, subject }: Pick<Withdrawal, 'action' | 'subject'>,
): string {
  const isPast = consequences.effective !== null && consequences.effective <= instantOf(Date.now());
  if (!isPast || consequences.kept.length === 0) {
    return [failingText(consequences, action), ...keptText(consequences)].join(' ');
  }
  const failing = consequences.failing.length === 0 ? [] : [failingText(consequences, action)];
  return [...failing, sinceText(consequences, subject)].join(' ');
}

function failingText({ failing, kept, effective, isComplete }: Consequences, action: 'revoke' | 'suspend'): string {
  // Where some are kept and the list is cut, how many fail is known all the same.
  const count = devicesText(failing.length, isComplete || kept.length > 0);
  const isLater = effective !== null && effective > instantOf(Date.now());
  const when = `${isLater ? ` from ${effective} on` : ''}${action === 'suspend' ? ' as long as it lasts' : ''}`;
  const names = failing.length === 0 ? '' : `: ${namedDevices(failing)}`;
  return `${count} will fail${when}${names}.`;
}

function keptText({ kept, isComplete }: Consequences): readonly string[] {
  if (kept.length === 0) {
    return [];
  }
  const depend = kept.length === 1 && isComplete ? 'depends' : 'depend';
  return [`${devicesText(kept.length, isComplete)} ${depend} on earlier work, which stays valid.`];
}

function sinceText({ kept, effective, isComplete }: Consequences, { kind, id }: Subject): string {
  const isOne = kept.length === 1 && isComplete;
  const count = `${devicesText(kept.length, isComplete)} ${isOne ? 'depends' : 'depend'} on it: ${namedDevices(kept)}.`;
  const day = String(effective).slice(0, 10);
  const fails = isOne ? 'It will fail if it rests' : 'Those will fail that rest';
  return `${count} ${fails} on work done since ${effective}: \`tracecal affected ${id} --kind ${kind} --reports --from ${day}\` lists such work.`;
}
