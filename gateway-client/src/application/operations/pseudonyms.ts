import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalJson,
  FACT_READERS,
  instantOf,
  ORGANISATION_ID,
  parseJson,
  QUANTITY,
  readersOf,
  STATED_FACTS,
} from '@tracecal/core/model';
import type { FactReaders, Imprint, Json, Membership } from '@tracecal/core/model';
import { PSEUDONYM_KINDS } from '@tracecal/core/pseudonym';
import type { OpenedPseudonym, PseudonymFile, PseudonymSpec, SignedOpening } from '@tracecal/core/pseudonym';
import { inForce } from '@tracecal/core/trace';
import { newPseudonym, readPseudonym, signOpening, undefinedIfNotFound, verifyOpening } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { inputName, readText } from '../files/inputFile.js';
import { writePrivate } from '../files/writePrivate.js';
import type { Session } from '../session/session.js';
import { noSuchOrganisation, subjectOf } from './ids.js';
import { isParty } from './parties.js';
import { officerOf } from './people.js';

/** A pseudonym that is wanted for a new device or organisation. */
export interface PseudonymWish extends Pick<PseudonymSpec, 'scopes' | 'otherwise'> {
  /** Facts besides those that a statement has a place for. */
  readonly facts: Readonly<Record<string, string>>;
  /** Where it is kept; by default beside the keys. */
  readonly file?: string;
}

/**
 * Facts from a file, as a JSON object of names and texts, so that no command line shows them. No error quotes one.
 *
 * @throws ApplicationError `FILE_UNREADABLE` or `INPUT_INVALID`
 */
export async function readFacts(path: string): Promise<Readonly<Record<string, string>>> {
  const facts = attempt(await readText(path));
  if (isFacts(facts)) return facts;
  throw new ApplicationError(
    'INPUT_INVALID',
    `${inputName(path)} does not hold facts: write one JSON object of names and texts, as { "serial": "0815" }.`,
  );
}

function attempt(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isFacts(value: Json | undefined): value is Readonly<Record<string, string>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.entries(value).every(([name, each]) => QUANTITY.test(name) && typeof each === 'string');
}

/** Where the file of a pseudonym is kept by default: beside the keys. */
export function pseudonymPath({ keys }: Pick<Session, 'keys'>, id: string): string {
  return join(keys.folder, 'pseudonyms', `${encodeURIComponent(id)}.json`);
}

/**
 * A new pseudonym, whose file is written before anything is registered: without it nobody could ever open the pseudonym. A file that is there
 * already is used again if it holds the same: so a registration that was interrupted can be repeated.
 *
 * @throws ApplicationError `FILE_UNWRITABLE` if the file holds something else
 */
export async function takePseudonym(
  session: Session,
  { kind, certifier }: Pick<PseudonymSpec, 'kind' | 'certifier'>,
  stated: Readonly<Record<string, string>>,
  { facts, scopes, otherwise, file: path }: PseudonymWish,
): Promise<PseudonymFile> {
  const twice = Object.keys(facts).find((fact) => Object.hasOwn(stated, fact));
  if (twice !== undefined) {
    throw new ApplicationError('USAGE', `The fact ${twice} has an option of its own: give it with --${twice}.`);
  }
  const registry = await session.registry();
  const wanted = newPseudonym({ registry, kind, certifier, facts: { ...stated, ...facts }, scopes, otherwise });
  if (path !== undefined && existsSync(path)) {
    const kept = await keptIn(path);
    if (meaning(kept) !== meaning(wanted)) {
      throw new ApplicationError(
        'FILE_UNWRITABLE',
        `${path} holds another pseudonym (${kept.id}): name a new file, or give the same facts and scopes to go on with it.`,
      );
    }
    return kept;
  }
  await writePrivate(path ?? pseudonymPath(session, wanted.id), `${canonicalJson(wanted)}\n`);
  return wanted;
}

/** @throws ApplicationError `FILE_UNREADABLE`, TraceCalError `KEY_EXPOSED` */
async function keptIn(path: string): Promise<PseudonymFile> {
  if (!existsSync(path)) {
    throw new ApplicationError(
      'FILE_UNREADABLE',
      `${path} does not exist: name the file of the pseudonym with --opening. Without it nobody can open the pseudonym.`,
    );
  }
  return readPseudonym(path);
}

/** Everything but what is random. */
function meaning({ registry, kind, certifier, pseudonym: { scopes, otherwise }, facts }: PseudonymFile): string {
  const values = Object.fromEntries(facts.map(({ fact, value }) => [fact, value]));
  return canonicalJson({ registry, kind, certifier, scopes, otherwise, values });
}

/** What the statement about a device states under its pseudonym. */
export function statedOfDevice(file: PseudonymFile): Pick<Imprint, 'serial' | 'model' | 'manufacturer' | 'pseudonym'> {
  const { manufacturer, model, serial } = STATED_FACTS.device;
  return {
    serial: stated(file, 'serial', serial),
    model: stated(file, 'model', model),
    manufacturer: stated(file, 'manufacturer', manufacturer),
    pseudonym: file.pseudonym,
  };
}

/** What the statement about an organisation states under its pseudonym. */
export function statedOfOrganisation(file: PseudonymFile): Pick<Membership, 'name' | 'country' | 'pseudonym'> {
  const { name, country } = STATED_FACTS.organisation;
  return { name: stated(file, 'name', name), country: stated(file, 'country', country), pseudonym: file.pseudonym };
}

function stated({ pseudonym, facts }: PseudonymFile, fact: string, withheld: string): string {
  const own = facts.find((each) => each.fact === fact)?.value;
  return readersOf(pseudonym, fact) === 'general' && own !== undefined ? own : withheld;
}

/** Who is to learn what is behind a pseudonym. */
export interface OpeningWish {
  /** An organisation of the registry, or somebody in words; null: everybody. */
  readonly to: string | null;
  /** Names of facts; by default all that the reader may learn. */
  readonly facts?: readonly string[];
  /** Only facts of this scope, or of a wider one. */
  readonly scope?: FactReaders;
  /** Why the reader learns facts whose scope does not cover them. */
  readonly reason?: string;
  /** Where the file of the pseudonym is; by default beside the keys. */
  readonly file?: string;
}

/** An opening, and what of the pseudonym it does not show. */
export interface MadeOpening extends SignedOpening {
  readonly notShown: readonly string[];
}

/**
 * Signs an opening as the certifier's officer, and checks it as its reader will.
 *
 * @param given - The id; a short one is enough where the file is beside the keys.
 * @throws ApplicationError `NOT_THEIRS`, `KEYS_MISSING`, `INPUT_INVALID`, `FILE_UNREADABLE`, `NOT_REGISTERED`, `USAGE` if the scope of a fact does
 * not cover the reader and no reason is stated
 */
export async function makeOpening(session: Session, given: string, wish: OpeningWish): Promise<MadeOpening> {
  const isHere = wish.file !== undefined || existsSync(pseudonymPath(session, given));
  const id = isHere ? given : await idUnderPseudonym(session, given);
  const file = await keptIn(wish.file ?? pseudonymPath(session, id));
  if (file.id !== id) {
    throw new ApplicationError('INPUT_INVALID', `The file is that of ${file.id}, not of ${id}: name the right one.`);
  }
  const { certifier } = file;
  if (session.actor !== undefined && session.actor !== certifier) {
    throw new ApplicationError('NOT_THEIRS', `${id} is opened by ${certifier}, not by ${session.actor}.`);
  }
  if (file.registry !== (await session.registry())) {
    throw new ApplicationError('OTHER_REGISTRY', `${id} is a pseudonym of the registry ${file.registry}.`);
  }
  const { to, reason } = wish;
  if (to !== null) await requireNobodyMistyped(session, to);
  const facts = await factsFor(session, file, wish);
  const signer = await session.keys.signer('officer', officerOf(certifier));
  const signed = await signOpening(file, { to, facts, ...(reason !== undefined && { reason }) }, signer);
  await checkOpening(session, JSON.stringify(signed.jws));
  const notShown = file.facts.map(({ fact }) => fact).filter((fact) => !facts.includes(fact));
  return { ...signed, notShown };
}

/**
 * The whole id of something that is registered under a pseudonym.
 *
 * @throws ApplicationError `USAGE` for something that is registered openly, and as {@link subjectOf}
 */
async function idUnderPseudonym(session: Session, given: string): Promise<string> {
  const { kind, id } = await subjectOf(session, given, PSEUDONYM_KINDS);
  const reader = await session.reader();
  const { pseudonym } = await (kind === 'device' ? reader.getDevice(id) : reader.getOrganisation(id));
  if (pseudonym) return id;
  const show = kind === 'device' ? 'device show' : 'org show';
  throw new ApplicationError(
    'USAGE',
    `${id} is registered openly, not under a pseudonym, so there is nothing to open: \`tracecal ${show} ${given}\` shows it to every member.`,
  );
}

/** @throws ApplicationError `NOT_REGISTERED` for a word that is no organisation: whoever is meant would be shown too little, or nothing */
async function requireNobodyMistyped(session: Session, to: string): Promise<void> {
  if (/\S\s+\S/.test(to)) return;
  const reader = await session.reader();
  if (ORGANISATION_ID.test(to) && (await undefinedIfNotFound(reader.getOrganisation(to)))) return;
  const unknown = await noSuchOrganisation(session, to);
  throw new ApplicationError(
    'NOT_REGISTERED',
    `${unknown} Name somebody else in more than one word: "Regional Court, 12 O 34/26".`,
  );
}

/** Checks an opening against the registry. @throws RegistryError with the first thing that does not hold */
export async function checkOpening(
  session: Session,
  opening: string,
  roots?: readonly string[],
): Promise<OpenedPseudonym> {
  const { name: channel } = session.channel;
  return verifyOpening(opening, await session.reader(), { channel, ...(roots && { roots }) });
}

async function factsFor(
  session: Session,
  file: PseudonymFile,
  { to, facts, scope, reason }: OpeningWish,
): Promise<readonly string[]> {
  if (facts !== undefined && scope !== undefined) {
    throw new ApplicationError('USAGE', 'Give the facts by their names (--facts), or by their scope (--scope).');
  }
  const isWithin = (fact: string, circle: FactReaders) =>
    FACT_READERS.indexOf(readersOf(file.pseudonym, fact)) <= FACT_READERS.indexOf(circle);
  const all = file.facts.map(({ fact }) => fact);
  const wanted = facts ?? all.filter((fact) => isWithin(fact, scope ?? 'parties'));
  // Nobody needs to be asked who the reader is if everything that is wanted is for everybody.
  const circle = wanted.every((fact) => isWithin(fact, 'general')) ? 'general' : await circleOf(session, file, to);
  const beyond = wanted.filter((fact) => !isWithin(fact, circle));
  if (facts === undefined) {
    const allowed = wanted.filter((fact) => isWithin(fact, circle));
    if (allowed.length === 0) {
      throw new ApplicationError('USAGE', `${nameOf(to)} may learn none of the facts of ${file.id}: ${HOW}`);
    }
    return allowed;
  }
  if (beyond.length > 0 && reason === undefined) {
    const scopes = beyond.map((fact) => `${fact} (${readersOf(file.pseudonym, fact)})`).join(', ');
    throw new ApplicationError('USAGE', `The scope of ${scopes} does not cover ${nameOf(to)}: ${HOW}`);
  }
  return wanted;
}

const HOW = 'name the facts with --facts, and state with --reason why they are shown all the same.';

function nameOf(to: string | null): string {
  return to ?? 'everybody';
}

/** The narrowest circle that the reader belongs to. */
async function circleOf(session: Session, file: PseudonymFile, to: string | null): Promise<FactReaders> {
  const reader = await session.reader();
  if (to === null || !ORGANISATION_ID.test(to)) {
    return 'general';
  }
  const member = await undefinedIfNotFound(reader.getOrganisation(to));
  const today = instantOf(Date.now());
  if (member === undefined || inForce(member.impediments, today)) {
    return 'general';
  }
  const { kind, id } = file;
  return (await isParty(reader, { kind, id }, to, today)) ? 'parties' : 'members';
}
