import { EVENTS } from '@tracecal/core/contracts';
import type { AnnouncedItem, EventName } from '@tracecal/core/contracts';
import { dependingOn } from '../operations/consequences.js';
import type { ConsequencesReader } from '../operations/consequences.js';

/** Events that can change the verdict of devices depending on the subject, at any distance. */
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

/** Above this number it is cheaper to ask about each watched device. */
const MOST_DEPENDING = 10_000;

/** Devices by their ids; `all` if it is unknown which watched devices depend on it. */
export type Concerned = ReadonlySet<string> | 'all';

const NOBODY: Concerned = new Set();

/**
 * The devices that an announced statement affects through something above them. An event is only a hint: it decides which devices to ask
 * about, nothing else.
 */
export async function concernedBy(reader: ConsequencesReader, item: AnnouncedItem): Promise<Concerned> {
  if (item.type === EVENTS.policySet || item.type === EVENTS.requirementsSet) {
    return 'all';
  }
  if (!ABOVE.includes(item.type)) {
    return NOBODY;
  }
  // An amendment affects the dependants of the report that it withdraws; a decision affects the report's device.
  const subject =
    item.type === EVENTS.reportAmended && item.report !== undefined
      ? ({ kind: 'report', id: item.report } as const)
      : { kind: item.kind, id: item.id };
  const { devices, isComplete } = await dependingOn(reader, subject, MOST_DEPENDING);
  const own = item.kind === 'device' ? [item.id] : [];
  return isComplete ? new Set([...own, ...devices.map(({ device }) => device)]) : 'all';
}
