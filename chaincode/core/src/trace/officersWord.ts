import { dateOf, instantOf, millisecondsOf, RegistryError, TIME_WINDOW_MS } from '../model/index.js';
import type { Instant, Jws } from '../model/index.js';
import { claimedSigners, isSignedBy, isValidOn } from '../signing/index.js';
import { bearing, bearingOf, useAt } from './impediments.js';
import type { Use } from './impediments.js';
import { flawsOfOrganisations, keysOf } from './open/index.js';
import type { Key, Opener } from './open/index.js';
import { openRoots } from './roots.js';
import { isOwnKey, voiceOf } from './signatories.js';

/** What an organisation signed that is not on the ledger: an opening of a pseudonym, the key of a reader. */
export interface OfficersWord {
  readonly jws: Jws;
  readonly author: string;
  /** Its signer's word: nothing else tells when it was signed. */
  readonly date: Instant;
  /** How sentences call it. */
  readonly name: string;
}

/**
 * Requires exactly one signature: by the author's own key, or by one of its officers.
 *
 * @returns Who signed.
 * @throws RegistryError `NOT_AUTHORISED`, `SIGNATURE_INVALID`
 */
export async function requireOfficersWord(opener: Opener, { jws, author, date, name }: OfficersWord): Promise<string> {
  const [signer, ...others] = claimedSigners(jws);
  if (signer === undefined || signer === null || others.length > 0 || voiceOf(signer) !== author) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `the ${name} has to carry one signature, of an officer of ${author} or of its own key.`,
    );
  }
  const { keys } = await keysOf(opener, signer);
  const place = keys.findLastIndex(({ certificate }) =>
    isSignedBy(jws, signer, certificate.publicKey, certificate.sha256),
  );
  if (place < 0) {
    throw new RegistryError('SIGNATURE_INVALID', `the ${name} is not validly signed by ${signer}.`);
  }
  if (!wasInForce(keys, place, date)) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `the key of ${signer} that signed the ${name} was not in force on ${dateOf(date)}.`,
    );
  }
  await requireOfficer(opener, signer, date);
  return signer;
}

function wasInForce(keys: readonly Key[], place: number, date: Instant): boolean {
  const key = keys[place];
  const until = key?.until?.date ?? keys[place + 1]?.said.registered.date;
  // Clocks of signers and of the ledger differ.
  const latest = instantOf(millisecondsOf(date) + TIME_WINDOW_MS);
  return (
    key !== undefined &&
    isValidOn(key.certificate, dateOf(date)) &&
    key.said.registered.date <= latest &&
    (until === undefined || date <= until)
  );
}

async function requireOfficer(opener: Opener, signer: string, date: Instant): Promise<void> {
  if (isOwnKey(signer)) {
    return;
  }
  const officer = signer.slice('officer:'.length);
  const use = useAt(date);
  const found = bearing(await opener.objections.impedimentsOfOfficer(officer, 'today'), opener.moment, use, 'signer');
  if (found) {
    throw new RegistryError('NOT_AUTHORISED', bearingOf(`officer ${officer}`, found, use));
  }
}

/**
 * Requires that an organisation and those above it are in good standing, up to an institute that is trusted.
 *
 * @param roots SHA-256 of the roots that are trusted, hex; absent: any institute of the registry.
 * @returns The institute.
 * @throws RegistryError `NOT_FOUND`, `NOT_AUTHORISED`
 */
export async function requireStanding(
  opener: Opener,
  organisation: string,
  use: Use,
  roots?: readonly string[],
): Promise<string> {
  const { organisations, missing } = await opener.certification(organisation);
  if (missing !== null) {
    throw new RegistryError('NOT_FOUND', `no organisation ${missing} is registered here.`);
  }
  const [flaw] = flawsOfOrganisations(organisations, opener.moment, use);
  if (flaw !== undefined) {
    throw new RegistryError('NOT_AUTHORISED', flaw.charAt(0).toLowerCase() + flaw.slice(1));
  }
  const institute = organisations.at(-1)?.id ?? organisation;
  const [root] = await openRoots(opener, new Set([institute]));
  if (roots && !root?.trusted.some((sha256) => roots.includes(sha256))) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${organisation} stands below ${institute}, whose root you do not trust.`,
    );
  }
  return institute;
}
