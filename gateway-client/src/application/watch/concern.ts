import { EVENTS } from '@tracecal/core/contracts';
import type { AnnouncedItem, EventName } from '@tracecal/core/contracts';
import { dependingOn } from '../operations/consequences.js';
import type { ConsequencesReader } from '../operations/consequences.js';

/** What can change the verdict of devices that depend on the subject, wherever above them it stands. */
const ABOVE: readonly EventName[] = [
  EVENTS.revoked,
  EVENTS.suspended,
  EVENTS.reinstated,
  EVENTS.reportAmended,
  EVENTS.reportRejected,
  EVENTS.accredited,
  EVENTS.accreditationReduced,
  EVENTS.reviewed,
  EVENTS.confirmed,
];

/** Beyond this it is cheaper to ask each device that is watched. */
const MOST_DEPENDING = 10_000;

/** Devices by their ids; `all` where it is not known which of those that are watched depend on it. */
export type Concerned = ReadonlySet<string> | 'all';

const NOBODY: Concerned = new Set();

/**
 * Whom an announced statement concerns as something above them. An event is a hint: nothing is concluded from it but whom to ask about.
 */
export async function concernedBy(reader: ConsequencesReader, item: AnnouncedItem): Promise<Concerned> {
  if (item.type === EVENTS.policySet || item.type === EVENTS.requirementsSet) {
    return 'all';
  }
  if (!ABOVE.includes(item.type)) {
    return NOBODY;
  }
  // What an amendment withdraws is the report that others depend on; a decision is about its device.
  const subject =
    item.type === EVENTS.reportAmended && item.report !== undefined
      ? ({ kind: 'report', id: item.report } as const)
      : { kind: item.kind, id: item.id };
  const { devices, isComplete } = await dependingOn(reader, subject, MOST_DEPENDING);
  const own = item.kind === 'device' ? [item.id] : [];
  return isComplete ? new Set([...own, ...devices.map(({ device }) => device)]) : 'all';
}
