import { afterAll, RegistryError } from '@tracecal/core/model';
import type { CertifiedEntry, Item, StatementKind } from '@tracecal/core/model';
import { flawsOfSignatures, flawsOfSpeakers, Grounds, keysOf, Opener, signingKey } from '@tracecal/core/open';
import type { Key, Said } from '@tracecal/core/open';
import { claimedSigners } from '@tracecal/core/signing';
import type { RecordSource } from '@tracecal/core/trace';
import type { StateWriter } from './state.js';

/** A statement that is being registered, with the items that came with it. */
export interface Registration<Kind extends StatementKind = StatementKind> {
  readonly state: StateWriter;
  readonly item: Item;
  readonly word: Said<Kind>;
}

/** What to announce in the event besides the statement. */
export interface Details {
  /** The device of a report. */
  readonly device?: string;
  /** The report that an amendment supersedes, or the report that a decision is about. */
  readonly report?: string;
  /** Whether the report counts for its device already, by its owner's acceptance or standing consent. */
  readonly accepted?: boolean;
  /** Whether a consent or a review comes from somebody whom its subject knows. Only for the change log, not announced. */
  readonly isKnown?: boolean;
}

/**
 * Requires that every required organisation or person has signed a statement, with the records as they will be after the
 * write.
 * @param also Organisations that also have to sign.
 * @throws RegistryError `SIGNATURE_INVALID` or `NOT_AUTHORISED`
 */
export async function requireWord(source: RecordSource, word: Said, also: readonly string[] = []): Promise<Opener> {
  const opener = openerFor(source, word);
  await requireWordTo(opener, word, also);
  return opener;
}

/** Same as {@link requireWord}, with an opener that has read these records already. */
export async function requireWordTo(opener: Opener, word: Said, also: readonly string[] = []): Promise<void> {
  const last = asLast(word);
  refuse('SIGNATURE_INVALID', await flawsOfOldKeys(opener, word));
  // Checks the signers first: a key that nobody vouches for counts as no signature.
  refuse('NOT_AUTHORISED', await flawsOfSpeakers(opener, last, also));
  refuse('SIGNATURE_INVALID', await flawsOfSignatures(opener, last, also));
}

/** Judged by all that the ledger holds: traces do not know the order within an epoch, so only the contract can keep it. */
function asLast({ entry, ...word }: Said): Said {
  const registered = afterAll(word.registered);
  return { ...word, registered, entry: { ...entry, registered } };
}

/** Opens records in their state at this registration. */
export function openerFor(source: RecordSource, { registered }: Pick<Said, 'registered'>): Opener {
  return new Opener(new Grounds(source, registered.date));
}

/** Requires that a report was not signed with keys that had been replaced. @throws RegistryError `SIGNATURE_INVALID` */
export async function requireNewestKeys(opener: Opener, word: Said<'report'>): Promise<void> {
  refuse('SIGNATURE_INVALID', await flawsOfOldKeys(opener, word));
}

/** A replaced key signs nothing new, not even in the epoch of its replacement. */
async function flawsOfOldKeys(opener: Opener, { entry }: Pick<Said, 'entry'>): Promise<readonly string[]> {
  for (const signer of claimedSigners(entry.jws)) {
    const { keys = [] } = signer === null ? {} : await keysOf(opener, signer);
    const { epoch } = entry.registered;
    const known = keys.filter(({ said }) => said.registered.epoch <= epoch);
    const signing = signer === null ? undefined : signingKey(entry, signer, known);
    // It stays replaced if those who vouched for the newer one no longer count.
    const isReplaced = signing?.until !== undefined && signing.until.epoch <= epoch;
    if (signing && (isReplaced || signing !== known.at(-1))) {
      return [`The key of ${signer} was replaced: sign with the new one.`];
    }
  }
  return [];
}

/**
 * Requires that traces accept the key which a statement brings. A key that a newer one has replaced is accepted only to restore what it
 * signed until then: if nobody vouches for it any more.
 *
 * @param opener Opens the records as they will be after the write.
 * @throws RegistryError `CERTIFICATE_INVALID`
 */
export async function requireKey(
  opener: Opener,
  { state, word }: { readonly state: RecordSource; readonly word: Said },
  signer: string,
  sha256: string,
): Promise<void> {
  const { keys, flaws, returned } = await keysOf(opener, signer);
  const counts = isAmong(keys, sha256);
  if (
    returned.some(({ said }) => said.digest === word.digest) &&
    (!counts || isAmong((await keysOf(openerFor(state, word), signer)).keys, sha256))
  ) {
    refuse('CERTIFICATE_INVALID', [
      `The key of ${signer} was replaced by a newer one and never counts again: make a new key.`,
    ]);
  }
  if (!counts) {
    refuse('CERTIFICATE_INVALID', flaws.length > 0 ? flaws.slice(-1) : [`Nobody vouches for the key of ${signer}.`]);
  }
}

function isAmong(keys: readonly Key[], sha256: string): boolean {
  return keys.some(({ certificate }) => certificate.sha256 === sha256);
}

/** The entry of a statement that names a certificate. */
export function certifiedEntry({ word, item }: Registration): CertifiedEntry {
  return { ...word.entry, certificate: item.certificate ?? '' };
}

function refuse(code: 'SIGNATURE_INVALID' | 'NOT_AUTHORISED' | 'CERTIFICATE_INVALID', [flaw]: readonly string[]): void {
  if (flaw !== undefined) {
    throw new RegistryError(code, flaw.charAt(0).toLowerCase() + flaw.slice(1));
  }
}
