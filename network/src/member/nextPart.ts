import { writeCryptoConfig } from '../pki/index.js';
import { parseConsortium } from '../topology/index.js';
import { descriptionDigest, partOf } from './description.js';
import type { OwnPart } from './memberDirectory.js';

/**
 * A member's part in a changed description, with the keys that it lacks so far: of an orderer that it is to run, or of a further peer. They
 * are made in its data directory; what is there already stays.
 *
 * @param text - The changed description, byte for byte.
 * @throws MemberError `UNKNOWN_MEMBER`; ConsortiumError, PkiError
 */
export async function partInNext(own: OwnPart, text: string, name: string): Promise<OwnPart> {
  const consortium = parseConsortium(text, name);
  const part = partOf(consortium, own.member.id);
  await writeCryptoConfig(consortium, own.directory.cryptoDir, own.member.id);
  return { ...own, consortium, description: descriptionDigest(consortium), ...part };
}
