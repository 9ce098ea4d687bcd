import type { Dates } from './dates.js';
import { Hierarchy } from './hierarchy.js';
import { massResult } from './samples.js';

const SIDES = [
  { nmi: 'nmi-north', lab: 'lab-alpha', oem: 'oem-a', side: 'a' },
  { nmi: 'nmi-south', lab: 'lab-beta', oem: 'oem-b', side: 'b' },
] as const;

const INSTITUTES = ['nmi-north', 'nmi-south', 'nmi-east'];

/**
 * Three national institutes, a laboratory and a sensor maker under each of two; per side a primary standard, a laboratory
 * standard, a factory standard and a field sensor, calibrated in that order: `sensor-a` traces over 4 levels to
 * `nmi-north`, `sensor-b` to `nmi-south`. All institutes have signed the first epoch.
 */
export async function twoCountries(registry?: string, dates?: Dates): Promise<Hierarchy> {
  const hierarchy = await unsealedCountries(registry, dates);
  hierarchy.seal();
  for (const institute of INSTITUTES) {
    hierarchy.addHeartbeat(institute);
  }
  return hierarchy;
}

/** {@link twoCountries} in their first epoch. */
export async function unsealedCountries(registry?: string, dates?: Dates): Promise<Hierarchy> {
  const hierarchy = new Hierarchy(registry, dates);
  await hierarchy.found({ institutes: INSTITUTES });
  for (const { nmi, lab, oem } of SIDES) {
    await hierarchy.addOrganisation({ id: lab, kind: 'LAB', certifiedBy: nmi });
    await hierarchy.addOrganisation({ id: oem, kind: 'OEM', certifiedBy: lab });
  }
  for (const side of SIDES) {
    await addSide(hierarchy, side);
  }
  return hierarchy;
}

async function addSide(hierarchy: Hierarchy, { nmi, lab, oem, side }: (typeof SIDES)[number]): Promise<void> {
  for (const organisation of [nmi, lab, oem]) {
    await hierarchy.addTechnician({ id: `t-${organisation}`, organisation });
  }
  let parents: readonly string[] = [];
  for (const { device, owner, calibratedBy } of [
    { device: 'primary', owner: nmi, calibratedBy: nmi },
    { device: 'reference', owner: lab, calibratedBy: nmi },
    { device: 'working', owner: oem, calibratedBy: lab },
    { device: 'sensor', owner: oem, calibratedBy: oem },
  ] as const) {
    const id = `${device}-${side}`;
    await hierarchy.addDevice({ id, technician: `t-${owner}`, kind: device === 'sensor' ? 'field' : 'standard' });
    hierarchy.addReport({ id: `${id}-r1`, device: id, technician: `t-${calibratedBy}`, parents });
    parents = [`${id}-r1`];
  }
}

/** A kilogram of the northern institute, with its report `kilogram-r1` of mass, from before all others. */
export async function addKilogram(hierarchy: Hierarchy): Promise<void> {
  await hierarchy.addDevice({ id: 'kilogram', technician: 't-nmi-north' });
  const report = { id: 'kilogram-r1', device: 'kilogram', technician: 't-nmi-north', performed: '2025-01-10' };
  hierarchy.addReport({ ...report, results: [massResult(0.001)] });
}
