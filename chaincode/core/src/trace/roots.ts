import { isIssuedBy } from '../signing/index.js';
import type { Opener } from './open/opener.js';
import type { Root } from './verdict.js';

/** A root, with the fingerprints of all keys that vouch for one another up to the newest. */
export interface OpenRoot extends Root {
  readonly trusted: readonly string[];
}

/** The institutes at which a trace ended. Trust in a root key includes its successors; the keys are listed in that order. */
export async function openRoots(opener: Opener, institutes: ReadonlySet<string>): Promise<readonly OpenRoot[]> {
  const roots: OpenRoot[] = [];
  for (const organisation of [...institutes].sort()) {
    const { keys } = await opener.keyrings.organisation(organisation);
    const own = keys.filter(({ certificate }) => isIssuedBy(certificate, certificate));
    const trusted = own.map(({ certificate }) => certificate.sha256);
    roots.push({ organisation, sha256: trusted.at(-1) ?? '', trusted });
  }
  return roots;
}
