import { sha256 } from '#platform';
import { canonicalJson, precedes } from '../../model/index.js';
import type { Anchor, Jws } from '../../model/index.js';
import { leafHash, rootOf } from '../../signing/index.js';
import type { Said } from './statement.js';

/**
 * When the ledger first held a report: if it proves that its digest was anchored in a Merkle root earlier, at that time. Its signers
 * and their keys are judged at that time.
 */
export function asFirstHeld(word: Said<'report'>, anchor: Anchor | undefined): Said<'report'> {
  const { entry } = word;
  if (!anchor || !isIncluded(signedDigest(entry.jws), anchor) || !precedes(anchor.registered, word.registered)) {
    return word;
  }
  const { registered } = anchor;
  return { ...word, registered, entry: { ...entry, registered } };
}

/** SHA-256 of a statement with its signatures, hex: a digest of the content alone could date a statement before anybody signed it. */
export function signedDigest(jws: Jws): string {
  return sha256(canonicalJson(jws));
}

/** Whether a digest is a leaf of the anchored tree. */
export function isIncluded(digest: string, { root, index, size, path }: Omit<Anchor, 'registered'>): boolean {
  return rootOf(leafHash(digest), index, size, path) === root;
}
