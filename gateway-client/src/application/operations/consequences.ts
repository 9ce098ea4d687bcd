import type { AffectedDevice } from '@tracecal/core/contracts';
import { FORWARD_REASONS } from '@tracecal/core/model';
import type { Instant, RevocationReason, Subject } from '@tracecal/core/model';
import { TraceCalError } from '../../client/index.js';
import type { TraceCal } from '../../client/index.js';
import type { StandingRequest } from './standing.js';

/** A revocation or a suspension that is about to be signed. */
export interface Withdrawal extends StandingRequest {
  readonly action: 'revoke' | 'suspend';
}

/** Effects of a revocation or suspension on devices that now depend on its subject. */
export interface Consequences {
  /** Start of the effect; null: at once. */
  readonly effective: Instant | null;
  /** These fail: for good, or as long as a suspension lasts. */
  readonly failing: readonly AffectedDevice[];
  /**
   * These depend on earlier work, which stays valid. If the revocation takes effect in the past, those that depend on work done since then
   * fail too.
   */
  readonly kept: readonly AffectedDevice[];
  /** False: there are more devices than these. */
  readonly isComplete: boolean;
}

export type ConsequencesReader = Pick<TraceCal, 'affectedDevices' | 'getDevice' | 'getReport'>;

/** Whether a revocation for this reason also puts earlier work in doubt. */
export function reachesBack(reason: RevocationReason): boolean {
  return !FORWARD_REASONS.includes(reason);
}

/**
 * Finds the devices that will fail, before anything is signed. Only devices count that depend on the subject by a report from which a trace
 * starts now.
 *
 * @param most - Where to stop: somebody may be waiting.
 */
export async function consequencesOf(
  reader: ConsequencesReader,
  { action, subject, reason, effective }: Withdrawal,
  most = Infinity,
): Promise<Consequences> {
  const { devices, isComplete } = await dependingOn(reader, subject, most);
  const all = action === 'suspend' || reachesBack(reason);
  const used = all ? undefined : await deviceOf(reader, subject);
  // A list that is cut may end before the one device of which it is known that it fails.
  if (used !== undefined && !isComplete && !devices.some(({ device }) => device === used)) {
    devices.unshift(...(await itself(reader, used)));
  }
  const fails = ({ device }: AffectedDevice) => all || device === used;
  return {
    effective,
    failing: devices.filter(fails),
    kept: devices.filter((device) => !fails(device)),
    isComplete,
  };
}

/** Devices whose current calibration depends on a subject, and how many there are if they are no more than `most`. */
export async function dependingOn(
  reader: ConsequencesReader,
  subject: Subject,
  most = Infinity,
): Promise<{ readonly devices: AffectedDevice[]; readonly isComplete: boolean }> {
  const devices = subject.kind === 'device' ? await itself(reader, subject.id) : [];
  try {
    for await (const device of reader.affectedDevices(subject)) {
      if (devices.length >= most) {
        return { devices, isComplete: false };
      }
      if (device.current) {
        devices.push(device);
      }
    }
  } catch (error) {
    // For very large subjects the registry does not list the dependants. That must not prevent a revocation.
    if (error instanceof TraceCalError && error.code === 'INPUT_INVALID') {
      return { devices, isComplete: false };
    }
    throw error;
  }
  return { devices, isComplete: true };
}

/** The registry lists the dependants of a device; the device itself fails as well. */
async function itself(reader: ConsequencesReader, id: string): Promise<AffectedDevice[]> {
  const { kind, serial, owner, current } = await reader.getDevice(id);
  const reports = current.map(({ report }) => report).sort();
  return current.length > 0 ? [{ device: id, kind, serial, owner, reports, current: true }] : [];
}

/** The device that becomes unusable for any reason: the revoked device itself, or the device of a revoked report. */
async function deviceOf(reader: ConsequencesReader, { kind, id }: Subject): Promise<string | undefined> {
  switch (kind) {
    case 'device':
      return id;
    case 'report':
      return (await reader.getReport(id)).body.device;
    default:
      return undefined;
  }
}
