import type { MethodClass, Result, SourceRole, Use } from '@tracecal/core/model';
import { Workshop } from './workshop.js';

/** Reports of several levels, each of which rests on all of the level above. */
export interface TreeShape {
  /** Above the traced device. */
  readonly levels: number;
  /** Reports of a level: the parents of each of the next. */
  readonly width: number;
  /** Of one report. */
  readonly results: number;
  /** Of one result. */
  readonly rows: number;
  /** How they are declared to be obtained; null: nothing is declared. */
  readonly method: MethodClass | null;
  /** Uses that a result declares of its sources, with different places. */
  readonly uses: number;
  readonly role?: SourceRole;
  /** Numbers of the sensitivity of each use, one a row. */
  readonly sensitivities?: boolean;
  /** Whether the reports of the level next to the device are each amended. */
  readonly amended?: boolean;
  /** Kinds of quantity of the results, in turn. */
  readonly kinds?: readonly Kind[];
}

type Kind = 'dc-voltage' | 'dc-current' | 'resistance' | 'mass';

const UNITS: Readonly<Record<Kind, string>> = {
  'dc-voltage': '\\volt',
  'dc-current': '\\ampere',
  resistance: '\\ohm',
  mass: '\\kilogram',
};

/** Registers the tree in a new hierarchy, and answers it; its device is `traced`. */
export async function hostileTree(shape: TreeShape): Promise<Workshop> {
  const workshop = await Workshop.open();
  const { levels, width, amended = false } = shape;
  let parents: readonly string[] = [];
  for (let level = 0; level < levels; level += 1) {
    const own: string[] = [];
    for (let place = 0; place < width; place += 1) {
      own.push(await standard(workshop, shape, { level, place, parents }));
    }
    parents = own;
  }
  await workshop.device('traced', { parents, results: resultsOf(shape, levels), performed: dayOf(levels) });
  if (amended) {
    parents.forEach((supersedes) => {
      const device = supersedes.slice(0, -2);
      const spec = { id: `${device}-a`, device, technician: 'all-oem-a', supersedes, performed: dayOf(levels - 1) };
      const above = workshop.hierarchy.payloadOf(supersedes).body.parents;
      workshop.hierarchy.addReport({ ...spec, parents: above, results: resultsOf(shape, levels - 0.5) });
    });
  }
  return workshop;
}

async function standard(
  { hierarchy }: Workshop,
  shape: TreeShape,
  { level, place, parents }: { readonly level: number; readonly place: number; readonly parents: readonly string[] },
): Promise<string> {
  const id = `s${level}-${place}`;
  await hierarchy.addDevice({ id, technician: 't-oem-a' });
  hierarchy.addReport({
    id: `${id}-r`,
    device: id,
    technician: level === 0 ? 'all-nmi-north' : 'all-oem-a',
    performed: dayOf(level),
    results: resultsOf(level === 0 ? { ...shape, method: null } : shape, level),
    parents,
  });
  return `${id}-r`;
}

function resultsOf(shape: TreeShape, level: number): readonly Result[] {
  const { results, rows, method, kinds = ['dc-voltage'] } = shape;
  return Array.from({ length: results }, (_, place) => {
    const quantity = kinds[place % kinds.length] ?? 'dc-voltage';
    return {
      name: `channel ${place + 1}`,
      quantity,
      unit: UNITS[quantity],
      rows: Array.from({ length: rows }, (_each, row) => ({
        value: 1 + row / rows + place * 1e-6,
        uncertainty: { expanded: 1e-3 * (level + 1), coverageFactor: 2, coverageProbability: 0.95 },
      })),
      ...(method !== null && { support: { method, uses: usesOf(shape, quantity) } }),
    };
  });
}

function usesOf({ uses, width, role = 'reference', rows, sensitivities = false }: TreeShape, quantity: Kind) {
  return Array.from({ length: uses }, (_, place): Use => {
    const at = [1 + Math.floor(place / width) / Math.max(uses, 1)];
    return {
      source: place % width,
      role,
      quantity,
      at,
      ...(sensitivities && { sensitivity: { values: Array.from({ length: rows }, () => 1), unit: '\\one' } }),
    };
  });
}

function dayOf(level: number): string {
  return new Date(Date.UTC(2025, 1, 2) + level * 86_400_000).toISOString().slice(0, 10);
}
