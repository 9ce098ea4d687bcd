import { createHash } from 'node:crypto';
import { canonicalJson } from '../../model/index.js';
import type { Anchor, Instant, Jws } from '../../model/index.js';
import { leafHash, rootOf } from '../../signing/index.js';
import type { Said } from './statement.js';

/** When the ledger first held the digest of a signed statement: in a Merkle root that was anchored before, if that is shown. */
export function anchoredDate({ entry, registered }: Said, anchor: Anchor | undefined): Instant {
  return anchor && isIncluded(signedDigest(entry.jws), anchor) && anchor.registered.date < registered.date
    ? anchor.registered.date
    : registered.date;
}

/** SHA-256 of a statement with its signatures, hex: a digest of the content alone would date what nobody had signed. */
export function signedDigest(jws: Jws): string {
  return createHash('sha256').update(canonicalJson(jws)).digest('hex');
}

/** Whether a digest is a leaf of the anchored tree. */
export function isIncluded(digest: string, { root, index, size, path }: Omit<Anchor, 'registered'>): boolean {
  return rootOf(leafHash(digest), index, size, path) === root;
}
