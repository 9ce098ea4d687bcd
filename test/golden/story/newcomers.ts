import { temperatureResult } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

/**
 * Those who go on acting on top of the golden ledger when it is old. Their keys are test keys that are made again from these
 * texts, since no private key is stored.
 */
export const NEWCOMERS = {
  officer: { id: 'oem-a/later-officer', seed: 'golden officer' },
  technician: { id: 'oem-a/later-technician', seed: 'golden technician' },
  standard: { id: 'oem-a/later-standard', seed: 'golden standard', report: 'lab-alpha/later-standard-r1' },
} as const;

/** An officer, a technician and a standard without an interval, whose certificates last until 2045. */
export async function addNewcomers(hierarchy: Hierarchy): Promise<void> {
  const { officer, technician, standard } = NEWCOMERS;
  await hierarchy.addOfficer({ ...officer, organisation: 'oem-a' });
  await hierarchy.addTechnician({ ...technician, organisation: 'oem-a' });
  await hierarchy.addDevice({ id: standard.id, seed: standard.seed, technician: technician.id });
  const report = { id: standard.report, device: standard.id, technician: 't-lab-alpha' };
  hierarchy.addReport({ ...report, parents: ['reference-a-r1'], results: [temperatureResult(0.01)] });
}
