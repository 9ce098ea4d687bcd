import type { Jws } from '@tracecal/core/model';
import { signedDigest } from '@tracecal/core/open';
import { leafHash, merkleRoot } from '@tracecal/core/signing';
import type { AnchorProof } from './item.js';

/** A Merkle tree over signed statements that are to be registered later. */
export interface AnchoredStatements {
  /** To be put on the ledger now, with `TraceCal.anchor`. */
  readonly root: string;
  /** For each statement in its order what its item is registered with later. */
  readonly proofs: readonly AnchorProof[];
}

/**
 * Puts signed reports under one root (RFC 9162): the ledger holds their digests from the day the root is on it, whenever the
 * reports themselves are registered. The signatures are covered too, so sign before you anchor, and register the same bytes.
 *
 * @example
 * const { root, proofs } = anchorOf(items.map(({ statement }) => statement));
 * await tracecal.anchor(root);
 * // at the sale
 * await tracecal.createReport({ ...items[0], anchor: proofs[0] });
 *
 * @param statements - At least one.
 */
export function anchorOf(statements: readonly Jws[]): AnchoredStatements {
  const { root, paths } = treeOf(statements.map((jws) => leafHash(signedDigest(jws))));
  return { root, proofs: paths.map((path, index) => ({ root, index, size: statements.length, path })) };
}

interface Tree {
  readonly root: string;
  /** Of each leaf in its order. */
  readonly paths: readonly (readonly string[])[];
}

/** All paths at once: one by one, a day's production would take its square. */
function treeOf(leaves: readonly string[]): Tree {
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
