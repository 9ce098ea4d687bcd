import type { PseudonymFile } from '@tracecal/core/pseudonym';
import { mspIdOf, temperatureResult } from '../hierarchy.js';
import type { Hierarchy, Item } from '../hierarchy.js';
import { pseudonymFor } from '../pseudonyms.js';

/** The value that the hidden standard was calibrated for: public, and found nowhere by chance. */
export const GOLD_VALUE = 66.147258369741;

/** A standard and an owner that only their certifiers can name. */
export interface Hidden {
  readonly gold: PseudonymFile;
  readonly owner: PseudonymFile;
  /** What registers them, and what rests on them, in order. */
  readonly items: readonly Item[];
}

export const HIDDEN = {
  goldReport: 'nmi-north/gold-r',
  silver: 'lab-alpha/silver',
  probe: 'lab-alpha/probe',
  probeReport: 'lab-alpha/probe-r',
  /** A second device that rests on the standard. */
  other: 'lab-alpha/other',
} as const;

/** The gold standard of an institute; a standard of a laboratory; two sensors, one of an owner under a pseudonym. */
export async function hide(hierarchy: Hierarchy): Promise<Hidden> {
  const from = hierarchy.steps.length;
  const gold = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north', scopes: { model: 'members' } });
  const owner = pseudonymFor(hierarchy, { kind: 'organisation', certifier: 'lab-alpha' });
  const asOwner = { id: owner.id, kind: 'OPERATOR', certifiedBy: 'lab-alpha', mspId: mspIdOf('lab-alpha') } as const;
  await hierarchy.addOrganisation({ ...asOwner, pseudonym: owner });
  await hierarchy.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym: gold, owner: 'nmi-north' });
  const [first] = [temperatureResult(0.001, [0, GOLD_VALUE, 100])];
  hierarchy.addReport({ id: 'gold-r', device: gold.id, technician: 't-nmi-north', results: [first] });
  await hierarchy.addDevice({ id: 'silver', technician: 't-lab-alpha' });
  hierarchy.addReport({ id: 'silver-r', device: 'silver', technician: 't-nmi-north', parents: ['gold-r'] });
  for (const [id, of] of [
    ['probe', owner.id],
    ['other', 'lab-alpha'],
  ] as const) {
    await hierarchy.addDevice({ id, technician: 't-lab-alpha', kind: 'field', owner: of });
    hierarchy.addReport({ id: `${id}-r`, device: id, technician: 't-lab-alpha', parents: ['silver-r'] });
  }
  return { gold, owner, items: hierarchy.steps.slice(from).map(({ item }) => item) };
}
