import type { Edge, Verdict } from '@tracecal/core/trace';

/** A report of a pyramid, or something outside the registry: drawn once, however many rest on it. */
export interface PyramidNode {
  readonly key: string;
  readonly edge: Edge;
  /** 1 for the device's own reports; always more than that of all that rest on it. */
  readonly level: number;
  /** Keys of what it rests on. */
  readonly parents: readonly string[];
}

/** The nodes of a verdict, in the order of the walk. */
export function nodesOf({ edges }: Pick<Verdict, 'edges'>): readonly PyramidNode[] {
  const found = new Map<string, { readonly edge: Edge; readonly parents: Set<string> }>();
  const path: string[] = [];
  for (const [index, edge] of edges.entries()) {
    path.length = Math.min(path.length, edge.level - 1);
    const name = keyOf(edge) ?? `outside ${index}`;
    // What rests on itself is drawn once more, and ends there.
    const key = path.includes(name) ? `again ${index}` : name;
    found.get(path.at(-1) ?? '')?.parents.add(key);
    if (!found.has(key)) {
      found.set(key, { edge, parents: new Set() });
    }
    path.push(key);
  }
  const levels = levelsOf(found);
  return Array.from(found, ([key, { edge, parents }]) => ({
    key,
    edge,
    level: levels.get(key) ?? 1,
    parents: [...parents],
  }));
}

/** The one that counts, where a report was amended. */
function keyOf({ report, amendedBy, device }: Edge): string | undefined {
  const id = amendedBy ?? report;
  return id !== null ? `report ${id}` : device === null ? undefined : `device ${device}`;
}

/** The longest way from the device decides. */
function levelsOf(nodes: ReadonlyMap<string, { readonly parents: ReadonlySet<string> }>): ReadonlyMap<string, number> {
  const levels = new Map(Array.from(nodes.keys(), (key) => [key, 1]));
  const links = Array.from(nodes).flatMap(([key, { parents }]) =>
    Array.from(parents, (parent) => [key, parent] as const),
  );
  // Without a circle every round settles one level.
  for (let round = 0, isChanged = true; isChanged && round < nodes.size; round += 1) {
    isChanged = false;
    for (const [key, parent] of links) {
      const least = (levels.get(key) ?? 1) + 1;
      if ((levels.get(parent) ?? 1) < least) {
        levels.set(parent, least);
        isChanged = true;
      }
    }
  }
  return levels;
}
