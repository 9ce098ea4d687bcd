import { merkleRoot } from '@tracecal/core/signing';

/** A Merkle tree with the paths of all its leaves. */
export interface Tree {
  readonly root: string;
  /** For each leaf, in order. */
  readonly paths: readonly (readonly string[])[];
}

/** Computes all paths at once: one by one, a day's production would take quadratic time. */
export function treeOf(leaves: readonly string[]): Tree {
  if (leaves.length <= 1) {
    return { root: leaves[0] ?? '', paths: leaves.map(() => []) };
  }
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const left = treeOf(leaves.slice(0, half));
  const right = treeOf(leaves.slice(half));
  return {
    root: merkleRoot([left.root, right.root]),
    paths: [...left.paths.map((path) => [...path, right.root]), ...right.paths.map((path) => [...path, left.root])],
  };
}
