import { registrantOf } from '@tracecal/core/model';
import type { Instant, Subject } from '@tracecal/core/model';
import { inForce } from '@tracecal/core/trace';
import type { TraceCal } from '../../client/index.js';

export type PartiesReader = Pick<TraceCal, 'affectedDevices' | 'getDevice' | 'getReport' | 'listReports'>;

/** As many reports are followed upwards. A reader who is a party all the same is shown the facts for a stated reason. */
const MOST_REPORTS = 1000;

/**
 * Whether an organisation deals with what a pseudonym stands for: it owns the device; it calibrated it, and the owner accepted that; or it owns
 * or registered a device whose accepted calibration rests on it. Anybody can register a report about any device, and name anybody in it: only
 * what others have signed makes a party. The registry's list of dependants holds more, so each of them is followed up.
 */
export async function isParty(
  registry: PartiesReader,
  subject: Subject,
  reader: string,
  today: Instant,
): Promise<boolean> {
  if (subject.kind === 'device') {
    const { owner } = await registry.getDevice(subject.id);
    if (owner === reader) return true;
    for await (const { organisation, accepted, impediments } of registry.listReports(subject.id)) {
      if (organisation === reader && accepted === true && !inForce(impediments, today)) return true;
    }
  }
  const seen = new Set<string>();
  for await (const { device, owner, reports } of registry.affectedDevices(subject)) {
    const isTheirs = owner === reader || registrantOf(device) === reader;
    if (isTheirs && (await restsOn(registry, subject, reports, seen))) return true;
  }
  return false;
}

/** Whether one of these reports, or one above, is of the organisation, or was made with the device: as its standard it signed the report. */
async function restsOn(
  registry: PartiesReader,
  { kind, id }: Subject,
  reports: readonly string[],
  seen: Set<string>,
): Promise<boolean> {
  const left = [...reports];
  for (let report = left.pop(); report !== undefined && seen.size < MOST_REPORTS; report = left.pop()) {
    if (seen.has(report)) continue;
    seen.add(report);
    const { body } = await registry.getReport(report);
    const parents = body.parents.filter((each) => each.kind === 'report');
    const devices = parents.map(({ device }) => device);
    const isFound =
      kind === 'device'
        ? devices.includes(id)
        : [report, body.device, ...devices].some((each) => registrantOf(each) === id);
    if (isFound) return true;
    left.push(...parents.map((each) => each.report));
  }
  return false;
}
