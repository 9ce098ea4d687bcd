import { MeasurementContract, MonitoringContract } from '@tracecal/chaincode';
import { twoCountries } from './hierarchy.js';
import type { Hierarchy } from './hierarchy.js';
import { MemoryLedger } from './memoryLedger.js';
import { callerOf, registryOf } from './registry.js';

/** The compartments of site a, as they stand on a peer that is in the registry's channel, too. */
export interface Compartments {
  readonly measurement: MemoryLedger;
  readonly monitoring: MemoryLedger;
}

/** A registry with them. */
export interface Levels extends Compartments {
  readonly hierarchy: Hierarchy;
  readonly registry: MemoryLedger;
}

/** The hierarchy of two countries with a monitor, and nothing recorded yet. */
export async function levelsOfSiteA(): Promise<Levels> {
  const hierarchy = await twoCountries();
  await hierarchy.addOrganisation({ id: 'monitor', kind: 'MONITOR', certifiedBy: 'nmi-north' });
  const registry = await registryOf(hierarchy);
  return { hierarchy, registry, ...compartmentsOver(registry) };
}

/** Compartments in which nothing is recorded yet. */
export function compartmentsOver(registry: MemoryLedger): Compartments {
  const measurement = new MemoryLedger(new MeasurementContract(), 'measurement-a');
  const monitoring = new MemoryLedger(new MonitoringContract(), 'monitoring-a');
  measurement.now = registry.now;
  monitoring.now = registry.now;
  measurement.others.set('registry/calibration', registry);
  monitoring.others.set('registry/calibration', registry).set('measurement/measurement-a', measurement);
  return { measurement, monitoring };
}

/** A client that records, of an organisation. */
export function recorderOf(organisation: string) {
  return callerOf(organisation, 'recorder');
}
