import {
  dateOf,
  instantOf,
  isKind,
  millisecondsOf,
  registrantOf,
  RegistryError,
  TIME_WINDOW_MS,
} from '../model/index.js';
import type { Instant, Pseudonym } from '../model/index.js';
import { claimedSigners, isSignedBy, isValidOn } from '../signing/index.js';
import { bearing, bearingOf, isOwnKey, useAt, voiceOf } from '../trace/index.js';
import type { RecordSource } from '../trace/index.js';
import { flawsOfOrganisations, Grounds, keysOf, Opener } from '../trace/open/index.js';
import type { Key, Keyring } from '../trace/open/index.js';
import { openRoots } from '../trace/roots.js';
import { leadsTo } from './leaves.js';
import { unverifiedOpening } from './opening.js';
import type { Opening, SignedOpening } from './opening.js';

/** What an opening shows, and by whose word. */
export interface OpenedPseudonym extends SignedOpening {
  /** Facts by their names, as the certifier committed itself to them when it registered the pseudonym. */
  readonly facts: Readonly<Record<string, string>>;
  /** The officer who signed, or the certifier itself. */
  readonly signer: string;
  /** The institute above the certifier. */
  readonly root: string;
  readonly pseudonym: Pseudonym;
}

export interface OpeningAsked {
  /** The moment that is asked about: what was said against the signer until then counts. */
  readonly asOf: Instant;
  /** SHA-256 of the roots that are trusted, hex; absent: any institute of the registry. */
  readonly roots?: readonly string[] | undefined;
}

/**
 * Checks an opening against the registry's records: the pseudonym is registered with this root, every fact leads to it, and who signed
 * was an officer of its certifier on that day and is sound now.
 *
 * @param signed The JWS, or its JSON.
 * @param source The registry's records, or the evidence in a bundle.
 * @throws RegistryError with the first thing that does not hold: `WRONG_REGISTRY`, `NOT_FOUND`, `INPUT_INVALID`, `SIGNATURE_INVALID`,
 * `NOT_AUTHORISED`, `TIME_INVALID`, and as {@link unverifiedOpening}
 */
export async function openPseudonym(
  signed: unknown,
  source: RecordSource,
  { asOf, roots }: OpeningAsked,
): Promise<OpenedPseudonym> {
  const opening = unverifiedOpening(signed);
  const { content } = opening;
  const opener = new Opener(new Grounds(source, asOf));
  const registry = await opener.registry();
  if (content.registry !== registry) {
    throw new RegistryError('WRONG_REGISTRY', `the opening names registry ${content.registry}, not ${registry}.`);
  }
  if (millisecondsOf(content.date) > millisecondsOf(asOf) + TIME_WINDOW_MS) {
    throw new RegistryError('TIME_INVALID', `the opening is dated ${content.date}, which lies ahead of ${asOf}.`);
  }
  const { pseudonym, certifier } = await registered(opener, content);
  if (content.certifier !== certifier) {
    throw new RegistryError('NOT_AUTHORISED', `${content.id} is opened by ${certifier}, not by ${content.certifier}.`);
  }
  if (pseudonym.root !== content.root) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the opening names another root than the one that ${content.id} is registered with.`,
    );
  }
  const astray = content.facts.find((fact) => !leadsTo(pseudonym.root, fact));
  if (astray !== undefined) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the fact ${astray.fact} does not lead to the root of ${content.id}: it is not what was registered.`,
    );
  }
  const signer = await requireSigner(opener, opening);
  const root = await requireCertifier(opener, content, roots);
  const facts = Object.fromEntries(content.facts.map(({ fact, value }) => [fact, value]));
  return { ...opening, facts, signer, root, pseudonym };
}

interface Registered {
  readonly pseudonym: Pseudonym;
  readonly certifier: string;
}

/**
 * By what the ledger took in, whatever became of those who vouched for it: what is revoked for a fraud has to be opened more than anything.
 */
async function registered({ authority }: Opener, { kind, id }: Opening): Promise<Registered> {
  const { keys }: Keyring =
    kind === 'device' ? await authority.taken.device(id) : await authority.taken.organisation(id);
  const statement = keys[0]?.said.statement;
  if (!statement) {
    throw new RegistryError('NOT_FOUND', `no ${kind} ${id} is registered here.`);
  }
  const certifier = isKind(statement, 'organisation') ? statement.body.certifier : registrantOf(id);
  const { pseudonym } = isKind(statement, 'organisation') || isKind(statement, 'device') ? statement.body : {};
  if (!pseudonym || certifier === null) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${kind} ${id} is not registered under a pseudonym: nothing of it is withheld.`,
    );
  }
  return { pseudonym, certifier };
}

/** Exactly one signature: by the certifier's own key, or by one of its officers. */
async function requireSigner(opener: Opener, { content, jws }: SignedOpening): Promise<string> {
  const { certifier, date } = content;
  const [signer, ...others] = claimedSigners(jws);
  if (signer === undefined || signer === null || others.length > 0 || voiceOf(signer) !== certifier) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `the opening has to carry one signature, of an officer of ${certifier} or of its own key.`,
    );
  }
  const { keys } = await keysOf(opener, signer);
  const place = keys.findLastIndex(({ certificate }) =>
    isSignedBy(jws, signer, certificate.publicKey, certificate.sha256),
  );
  if (place < 0) {
    throw new RegistryError('SIGNATURE_INVALID', `the opening is not validly signed by ${signer}.`);
  }
  if (!wasInForce(keys, place, date)) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `the key of ${signer} that signed the opening was not in force on ${dateOf(date)}.`,
    );
  }
  await requireOfficer(opener, signer, date);
  return signer;
}

/** The date is the signer's word: nothing else tells when an opening was signed. */
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

/** The certifier and those above it are in good standing, up to an institute that is trusted. */
async function requireCertifier(
  opener: Opener,
  { certifier, date }: Opening,
  roots: readonly string[] | undefined,
): Promise<string> {
  const { organisations, missing } = await opener.certification(certifier);
  if (missing !== null) {
    throw new RegistryError('NOT_FOUND', `no organisation ${missing} is registered here.`);
  }
  const [flaw] = flawsOfOrganisations(organisations, opener.moment, useAt(date));
  if (flaw !== undefined) {
    throw new RegistryError('NOT_AUTHORISED', flaw.charAt(0).toLowerCase() + flaw.slice(1));
  }
  const institute = organisations.at(-1)?.id ?? certifier;
  const [root] = await openRoots(opener, new Set([institute]));
  if (roots && !root?.trusted.some((sha256) => roots.includes(sha256))) {
    throw new RegistryError('NOT_AUTHORISED', `${certifier} stands below ${institute}, whose root you do not trust.`);
  }
  return institute;
}
