import type { AffectedDevice } from '@tracecal/core/contracts';
import { dependingOn, registeredId } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import type { Place } from '../session.js';
import { withSession } from '../session.js';
import type { Terminal } from '../terminal.js';
import { devicesText, namedDevices } from '../view/consequencesText.js';
import { tellDryRun } from './confirmation.js';

/** A report that is about to count no longer, and the devices whose current calibration rests on it. */
export interface EndOfReport {
  readonly report: string;
  readonly failing: readonly AffectedDevice[];
  /** False: there are more devices than these. */
  readonly isComplete: boolean;
}

export async function endOf(session: Session, report: string, most?: number): Promise<EndOfReport> {
  const { devices, isComplete } = await dependingOn(await session.reader(), { kind: 'report', id: report }, most);
  return { report, failing: devices, isComplete };
}

export function endText({ failing, isComplete }: EndOfReport): string {
  const count = devicesText(failing.length, isComplete);
  return failing.length === 0
    ? `${count} rests on it now.`
    : `${count} will fail, unless they get other reports: ${namedDevices(failing)}.`;
}

/** The dry run of a command that ends a report. @returns The exit code */
export async function tellEnd(terminal: Terminal, place: Place, given: string): Promise<number> {
  const ending = await withSession(place, async (session) =>
    endOf(session, await registeredId(session, 'report', given)),
  );
  return tellDryRun(terminal, ending, endText(ending));
}
