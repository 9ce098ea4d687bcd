import { plusDays } from '@tracecal/core/model';
import { temperatureResult } from './hierarchy.js';
import type { Hierarchy, Item } from './hierarchy.js';
import type { Random } from './random.js';

const LABORATORY = 'lab-alpha';
const OWNER = 'oem-a';
const STRANGER = 'lab-beta';
/** The standard by which all these devices are calibrated. */
const STANDARD = 'reference-a-r1';
const INTERVALS = [30, 365, null];

/** What happens to one device in its life, signed beforehand: statements to be registered one after the other. */
export interface Story {
  /** The device's whole id. */
  readonly device: string;
  readonly items: readonly Item[];
}

/** A device that is registered and calibrated, then what a seed says: accepted or rejected, amended, revoked, suspended, transferred. */
export async function story(hierarchy: Hierarchy, name: string, random: Random): Promise<Story> {
  const kind = random.chance(0.3) ? 'standard' : 'field';
  const items = [
    await hierarchy.addDevice({ id: name, technician: `t-${LABORATORY}`, kind, owner: OWNER }),
    // The registry has to refuse this one, whatever fails meanwhile.
    hierarchy.setInterval(name, 7, { by: STRANGER }),
  ];
  const calibrations = random.between(1, 3);
  for (let number = 1; number <= calibrations; number += 1) {
    items.push(...calibration(hierarchy, name, number, random));
  }
  items.push(...ending(hierarchy, name, calibrations, random));
  return { device: hierarchy.idOf('device', name), items };
}

function calibration(hierarchy: Hierarchy, device: string, number: number, random: Random): readonly Item[] {
  const id = `${device}-r${number}`;
  const report = (changes: { readonly id: string; readonly accepted: boolean; readonly supersedes?: string }): Item =>
    hierarchy.addReport({
      device,
      technician: `t-${LABORATORY}`,
      parents: [STANDARD],
      performed: plusDays(hierarchy.dates.rootDay, 3 + number),
      results: [temperatureResult(0.1 + random.between(0, 9) / 100)],
      ...changes,
    });
  const isAccepted = random.chance(0.5);
  const said = isAccepted ? [] : decision(hierarchy, id, random);
  const items = [report({ id, accepted: isAccepted })];
  if (said.length > 0) items.push(...said.map((decide) => decide()));
  if (random.chance(0.25)) items.push(report({ id: `${id}-a`, accepted: random.chance(0.7), supersedes: id }));
  return items;
}

function decision(hierarchy: Hierarchy, report: string, random: Random): readonly (() => Item)[] {
  const accept = () => hierarchy.accept(report);
  const reject = () => hierarchy.reject(report);
  return [[accept], [reject], [accept, reject], []][random.between(0, 3)]!;
}

function ending(hierarchy: Hierarchy, device: string, calibrations: number, random: Random): readonly Item[] {
  const report = `${device}-r${random.between(1, calibrations)}`;
  switch (random.between(0, 6)) {
    case 0:
      return [hierarchy.addStatement('revocation', ['report', report])];
    case 1:
      return [hierarchy.addStatement('revocation', ['device', device])];
    case 2:
      return [hierarchy.addStatement('suspension', ['device', device])];
    case 3:
      return [
        hierarchy.addStatement('suspension', ['device', device]),
        hierarchy.addStatement('reinstatement', ['device', device]),
      ];
    case 4:
      return [hierarchy.setInterval(device, INTERVALS[random.between(0, INTERVALS.length - 1)]!)];
    case 5:
      return [hierarchy.transfer(device, LABORATORY)];
    default:
      return [];
  }
}
