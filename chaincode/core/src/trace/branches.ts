import type { Edge } from './verdict.js';

/** A report in a trace, with those that it rests on. */
export interface Branch {
  readonly edge: Edge;
  readonly parents: readonly Branch[];
}

/** The edges of a verdict as a tree. They come depth first with their level, which is all that a tree needs. */
export function branchesOf(edges: readonly Edge[]): readonly Branch[] {
  const top: Branch[] = [];
  const path: { readonly edge: Edge; readonly parents: Branch[] }[] = [];
  for (const edge of edges) {
    const branch = { edge, parents: [] };
    const siblings = edge.level <= 1 ? top : (path[edge.level - 2]?.parents ?? top);
    siblings.push(branch);
    path.length = edge.level - 1;
    path.push(branch);
  }
  return top;
}
