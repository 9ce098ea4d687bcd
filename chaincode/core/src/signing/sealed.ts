import { sha256 } from '#platform';
import { canonicalJson, DISCLOSURE_TYPE, FEWEST_SEALED, RegistryError } from '../model/index.js';
import type { Disclosure, Result, ResultsDigest, SealedLeaf } from '../model/index.js';
import { leafHash, merklePath, merkleRoot, rootOf } from './merkle.js';

/** The sealed results of one kind of quantity: what their issuer keeps, and gives to others. */
export interface Sealed {
  readonly quantity: string;
  readonly root: string;
  /** In the order of the tree. */
  readonly leaves: readonly SealedLeaf[];
}

/** Which report a disclosure is about. */
export type DisclosedReport = Pick<Disclosure, 'registry' | 'report' | 'digest'>;

/** What a disclosure shows, after it was checked against the signed root. */
export interface Shown {
  /** By name: the order of the tree says nothing. */
  readonly results: readonly Result[];
  readonly isComplete: boolean;
  /** Number of results shown, and of leaves: at most so many results exist. */
  readonly shown: number;
  readonly size: number;
}

/**
 * Seals results of one kind of quantity. The leaves stand in the order of their digests, which the salts make random, and random ones
 * fill the tree: neither the values, nor their number up to the bound, nor their order can be guessed.
 *
 * @param salt Gives 32 new random bytes in base64url each time.
 */
export function sealResults(results: readonly Result[], salt: () => string): Sealed {
  const [first] = results;
  if (!first || results.some(({ quantity }) => quantity !== first.quantity)) {
    throw new RegistryError('INPUT_INVALID', 'results are sealed by kind of quantity: give those of one kind.');
  }
  const size = boundOf(results.length);
  const own: readonly (Result | null)[] = [...results, ...Array.from({ length: size - results.length }, () => null)];
  const leaves = own
    .map((result) => ({ salt: salt(), result }))
    .map((leaf) => ({ leaf, digest: leafDigest(leaf) }))
    .sort((one, other) => (one.digest < other.digest ? -1 : 1));
  return {
    quantity: first.quantity,
    root: sealedRoot(size, merkleRoot(leaves.map(({ digest }) => leafHash(digest)))),
    leaves: leaves.map(({ leaf }) => leaf),
  };
}

/** What a report signs of sealed results. That they were found out of limits stays public. */
export function sealedDigest({ quantity, root, leaves }: Sealed, foundOutOfLimits = false): ResultsDigest {
  const rows = leaves.reduce((sum, { result }) => sum + (result?.rows.length ?? 0), 0);
  return {
    quantity,
    sha256: root,
    rows: boundOf(rows),
    ...(foundOutOfLimits && { foundOutOfLimits: true as const }),
    sealed: true,
  };
}

/**
 * A disclosure of sealed results.
 *
 * @param isShown Chooses results; by default all leaves are shown.
 */
export function disclose(
  { quantity, root, leaves }: Sealed,
  report: DisclosedReport,
  isShown?: (result: Result) => boolean,
): Disclosure {
  const hashes = leaves.map((leaf) => leafHash(leafDigest(leaf)));
  const shown = leaves.flatMap((leaf, index) =>
    !isShown || (leaf.result && isShown(leaf.result)) ? [{ index, ...leaf, path: merklePath(hashes, index) }] : [],
  );
  return { type: DISCLOSURE_TYPE, ...report, quantity, root, size: leaves.length, leaves: shown };
}

/** What a disclosure shows of the results that a report signed; undefined if it is about others, or a leaf does not lead to the root. */
export function openDisclosure(
  { leaves, size, root, quantity }: Pick<Disclosure, 'leaves' | 'size' | 'root' | 'quantity'>,
  signed: ResultsDigest,
): Shown | undefined {
  const isMeant = signed.sealed === true && root === signed.sha256 && quantity === signed.quantity;
  const results = leaves.flatMap(({ result }) => result ?? []);
  const isWithin =
    Number.isInteger(Math.log2(size)) &&
    // As every issuer's software makes it: each result has a row. Within that, only the issuer knows what else is below a node.
    size >= FEWEST_SEALED &&
    size <= signed.rows &&
    results.reduce((sum, { rows }) => sum + rows.length, 0) <= signed.rows &&
    results.every((result) => result.quantity === quantity);
  const isOpened = ({ index, path, salt, result }: Disclosure['leaves'][number], place: number): boolean =>
    (leaves[place - 1]?.index ?? -1) < index &&
    // A path of another length would be about a tree of another size.
    path.length === Math.log2(size) &&
    sealedRoot(size, rootOf(leafHash(leafDigest({ salt, result })), index, size, path) ?? '') === root;
  if (!isMeant || !isWithin || results.length === 0 || !leaves.every(isOpened)) {
    return undefined;
  }
  const named = results.map((result) => ({ result, name: canonicalJson([result.name, result]) }));
  return {
    results: named.sort((one, other) => (one.name < other.name ? -1 : 1)).map(({ result }) => result),
    isComplete: leaves.length === size,
    shown: results.length,
    size,
  };
}

/** With the number of leaves: otherwise a subtree could pass for a leaf, and a disclosure tell of a smaller tree. */
function sealedRoot(size: number, root: string): string {
  return sha256(canonicalJson({ size, root }));
}

function leafDigest({ salt, result }: SealedLeaf): string {
  return sha256(canonicalJson({ salt, result }));
}

/** The next power of two. */
function boundOf(count: number): number {
  return Math.max(FEWEST_SEALED, 2 ** Math.ceil(Math.log2(count)));
}
