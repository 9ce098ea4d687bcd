import { hexBytes, sha256 } from '#platform';
import { NO_BYTES } from '../platform/bytes.js';

/** Merkle trees of RFC 9162, section 2.1, over digests in hex. */

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf that holds a digest. */
export function leafHash(digest: string): string {
  return sha256(LEAF, digestBytes(digest));
}

/** The root of a tree with these leaf hashes, of which there is at least one. */
export function merkleRoot(leaves: readonly string[]): string {
  const [only = ''] = leaves;
  if (leaves.length <= 1) {
    return only;
  }
  const left = largestPowerOf2Below(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, left)), merkleRoot(leaves.slice(left)));
}

/** The path that proves a leaf's inclusion. */
export function merklePath(leaves: readonly string[], index: number): readonly string[] {
  if (leaves.length <= 1) {
    return [];
  }
  const left = largestPowerOf2Below(leaves.length);
  return index < left
    ? [...merklePath(leaves.slice(0, left), index), merkleRoot(leaves.slice(left))]
    : [...merklePath(leaves.slice(left), index - left), merkleRoot(leaves.slice(0, left))];
}

/** The root that a leaf's path leads to; undefined if the path does not fit the place of the leaf (2.1.3.2). */
export function rootOf(leaf: string, index: number, size: number, path: readonly string[]): string | undefined {
  if (index >= size) {
    return undefined;
  }
  let [place, last, hash] = [BigInt(index), BigInt(size - 1), leaf];
  for (const sibling of path) {
    if (last === 0n) {
      return undefined;
    }
    if ((place & 1n) === 1n || place === last) {
      hash = nodeHash(sibling, hash);
      while ((place & 1n) === 0n && place !== 0n) {
        [place, last] = [place >> 1n, last >> 1n];
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n ? hash : undefined;
}

function nodeHash(left: string, right: string): string {
  return sha256(NODE, digestBytes(left), digestBytes(right));
}

/** What is no digest leads to no root. */
function digestBytes(digest: string): Uint8Array {
  return hexBytes(digest) ?? NO_BYTES;
}

function largestPowerOf2Below(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
