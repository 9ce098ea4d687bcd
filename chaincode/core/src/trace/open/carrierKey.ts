import { isOfEarlierEpoch } from '../../model/index.js';
import type { Entry } from '../../model/index.js';
import { signerName } from '../../signing/index.js';
import { isIssuedByAny, signingKey } from './key.js';
import type { Key } from './key.js';
import { inSuccession } from './succession.js';

type OfficerKey = Key<'authorisation'>;

/**
 * The key of an officer that signed an entry, if the keys of the organisation vouch for it: as `signingKey` finds it among all that they
 * vouch for. It is asked for each key of an organisation, at each registration: so it looks only at keys that signed the entry, and at
 * the newest one that may have ended them.
 *
 * @param of `stated`: all keys of the officer, oldest first, whoever vouches for them; `before`: the keys of the organisation.
 */
export function carrierKey(
  entry: Entry,
  signer: string,
  { stated, before }: { readonly stated: readonly OfficerKey[]; readonly before: readonly Key[] },
): OfficerKey | undefined {
  const isVouched = (key: OfficerKey) =>
    key.said.statement.body.role === 'officer' &&
    isIssuedByAny(key, before) &&
    signingKey(key.said.entry, signerName('officer', key.said.statement.subject.id), [key]) !== undefined;
  if (new Set(stated.map(({ certificate }) => certificate.keySha256)).size < stated.length) {
    // Which of two certificates for one key counts, depends on all others.
    return signingKey(entry, signer, inSuccession(stated.filter(isVouched)));
  }
  for (const key of stated.toReversed()) {
    const isEnding = isOfEarlierEpoch(key.said.registered, entry.registered);
    const hasSigned = signingKey(entry, signer, [key]) !== undefined;
    if ((isEnding || hasSigned) && isVouched(key)) {
      if (hasSigned) return key;
      return undefined;
    }
  }
  return undefined;
}
