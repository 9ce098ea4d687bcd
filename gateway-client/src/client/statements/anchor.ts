import type { Jws } from '@tracecal/core/model';
import { signedDigest } from '@tracecal/core/open';
import { leafHash } from '@tracecal/core/signing';
import { treeOf } from '../merkleTree.js';
import type { AnchorProof } from './item.js';

/** A Merkle tree over signed statements that will be registered later. */
export interface AnchoredStatements {
  /** To be written to the ledger now, with `TraceCal.anchor`. */
  readonly root: string;
  /** The proof to register with each statement later, in the order of the statements. */
  readonly proofs: readonly AnchorProof[];
}

/**
 * Puts signed reports under one Merkle root (RFC 9162). Once the root is on the ledger, it proves their digests from that day on,
 * however late the reports themselves are registered. It also covers the signatures, so sign first, then anchor, and register
 * the same bytes.
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
