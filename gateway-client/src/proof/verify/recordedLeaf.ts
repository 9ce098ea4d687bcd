import { canonicalJson } from '@tracecal/core/model';
import { hexBytes, sha256 } from '@tracecal/core/platform';
import { leafHash } from '@tracecal/core/signing';

/** Tells these leaves from those of any other tree. */
const DOMAIN = 'tracecal-proof/1\n';

/**
 * The leaf of a bundle in a Merkle tree of RFC 9162. The salt keeps those who see the tree from guessing what it holds.
 *
 * @param bundle Its member `recorded` is left out: it is made afterwards.
 * @param salt 32 bytes in hex.
 */
export function recordedLeaf(bundle: object, salt: string): string {
  const others = Object.fromEntries(Object.entries(bundle).filter(([name]) => name !== 'recorded'));
  return leafHash(sha256(DOMAIN, hexBytes(salt) ?? '', hexBytes(sha256(canonicalJson(others))) ?? ''));
}
