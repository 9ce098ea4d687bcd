import { dateOf, kindOf } from '../../model/index.js';
import type { Instant, StatementKind } from '../../model/index.js';
import { claimedSigners, isValidOn } from '../../signing/index.js';
import { bearing, bearingOf, impedimentOf, inTheWayOf, useAt } from '../impediments.js';
import type { Impediment, Use } from '../impediments.js';
import type { When } from '../moment.js';
import { isOwnKey, needsOwnKey, signatoriesOf, voiceOf } from '../signatories.js';
import { judgedBy } from './authority.js';
import type { Known } from './authority.js';
import { hasMajority } from './institutes.js';
import { signingKey } from './key.js';
import type { Keyring, Keyrings, Voice } from './keyrings.js';
import type { OpenOrganisation } from './opened.js';
import type { Opener } from './opener.js';
import type { Said } from './statement.js';

/** Types that call something in question. */
const WARNINGS: readonly StatementKind[] = ['revocation', 'suspension'];

/**
 * Why a statement lacks a required signature or authority; empty if it has both. Checks the signatures, and whether the signers were
 * entitled on the day of signing and at the registration.
 */
export async function flawsOfWord(opener: Opener, said: Said): Promise<readonly string[]> {
  const flaws = await flawsOfSignatures(opener, said);
  return flaws.length > 0 ? flaws : flawsOfSpeakers(opener, said);
}

/**
 * Why the signatures of a statement are not exactly the required ones.
 * @param also Further organisations that have to sign.
 */
export async function flawsOfSignatures(
  opener: Opener,
  said: Said,
  also: readonly string[] = [],
): Promise<readonly string[]> {
  const council = (await opener.institutes()).after(said.registered.decisions);
  const needed = signatoriesOf(said.statement, (id) => council.members.has(id));
  const known = judgedBy(said);
  const speaking: string[] = [];
  for (const organisation of new Set([...needed.voices, ...also])) {
    const voices = await keyringsFor(opener, said).voices(said.entry, organisation, needed.names);
    const [voice] = voices;
    if (!voice || voices.length > 1) {
      return [`The ${labelOf(said)} is not signed once by ${organisation}.`];
    }
    speaking.push(voice.signer);
  }
  if (needsOwnKey(said.statement) && !speaking.some(isOwnKey)) {
    return [
      `What was said against ${said.statement.subject.id} is lifted with the key of ${said.statement.author} itself, not by an officer.`,
    ];
  }
  for (const name of needed.names) {
    if (!(await isSignedByName(opener, said, name, known))) {
      return [`The ${labelOf(said)} is not validly signed by ${name}.`];
    }
  }
  if (needed.majority !== 'none' && !(await hasMajority(said, council, opener.authority, needed.names))) {
    return [`The ${labelOf(said)} is not signed by a majority of the standing institutes, its author among them.`];
  }
  return strangers(said, [...needed.names, ...speaking], needed.majority === 'none' ? [] : [...council.members.keys()]);
}

/** A replaced key signs nothing more than the statement that vouches for it again. */
async function isSignedByName(opener: Opener, { entry, digest }: Said, name: string, known: Known): Promise<boolean> {
  const { keys, returned } = await keysOf(opener, name, known);
  return signingKey(entry, name, keys) !== undefined || returned.some(({ said }) => said.digest === digest);
}

/** Why the signers for organisations were not entitled. */
export async function flawsOfSpeakers(
  opener: Opener,
  said: Said,
  also: readonly string[] = [],
): Promise<readonly string[]> {
  const { members } = (await opener.institutes()).after(said.registered.decisions);
  const { voices, names } = signatoriesOf(said.statement, (id) => members.has(id));
  const keyrings = keyringsFor(opener, said);
  for (const organisation of new Set([...voices, ...also])) {
    for (const voice of await keyrings.voices(said.entry, organisation, names)) {
      const flaws = await flawsOfVoice(opener, voice, said);
      if (flaws.length > 0) {
        return flaws;
      }
    }
  }
  return [];
}

function strangers(
  { entry, ...said }: Said,
  expected: readonly string[],
  institutes: readonly string[],
): readonly string[] {
  const stranger = claimedSigners(entry.jws).find(
    (signer) => signer === null || (!expected.includes(signer) && !institutes.includes(voiceOf(signer) ?? '')),
  );
  return stranger === undefined
    ? []
    : [`The ${labelOf(said)} carries a signature of ${stranger ?? 'nobody who can be told'}, which has no part in it.`];
}

/** Keys by the name of a signer, by what is known. */
export function keysOf({ authority }: Opener, signer: string, known: Known = 'today'): Promise<Keyring> {
  const keyrings = authority.keyrings(known);
  const end = signer.indexOf(':');
  const id = signer.slice(end + 1);
  switch (signer.slice(0, end)) {
    case 'organisation':
      return keyrings.organisation(id);
    case 'officer':
      return keyrings.officer(id);
    case 'technician':
      return keyrings.person(id);
    default:
      return keyrings.device(id);
  }
}

/** Why a signature for an organisation did not count: its certificates, or objections against the officer and the organisations above. */
async function flawsOfVoice(opener: Opener, voice: Voice, said: Said): Promise<readonly string[]> {
  const { signer, organisation, key } = voice;
  const { date } = said.registered;
  const known = judgedBy(said);
  const days = known === 'today' ? [said.statement.date, date] : [date];
  const expired = days.find((day) => !isValidOn(key.certificate, dateOf(day)));
  if (expired !== undefined) {
    return [`The certificate of ${signer} was not valid on ${dateOf(expired)}.`];
  }
  const id = isOwnKey(signer) ? '' : signer.slice('officer:'.length);
  const against = id === '' ? [] : await opener.objections.impedimentsOfOfficer(id, known);
  const { organisations, missing } = await opener.certification(organisation, known);
  return [
    ...inTheWay(opener, `Officer ${id}`, against, said),
    ...(missing === null ? [] : [`Organisation ${missing} is not registered here.`]),
    ...(isWarning(said) ? organisations.slice(0, 1) : organisations).flatMap((each) => [
      ...(isWarning(said) ? [] : each.flaws),
      ...unsound(each, days),
      ...inTheWay(opener, `Organisation ${each.id}`, each.impediments, said),
    ]),
  ];
}

/** A warning needs keys that the ledger took, whatever became of those who had vouched for them. */
function keyringsFor({ authority }: Opener, said: Said): Keyrings {
  return isWarning(said) ? authority.taken : authority.keyrings(judgedBy(said));
}

/**
 * Whoever warns of their own things is heard whatever became of those above them. Otherwise the fall of an institute would silence
 * everybody below it, and nobody could call in question what they had calibrated.
 */
function isWarning({ statement }: Said): boolean {
  return WARNINGS.includes(kindOf(statement));
}

function inTheWay(opener: Opener, subject: string, impediments: readonly Impediment[], said: Said): readonly string[] {
  if (impediments.length === 0) {
    return []; // This holds for every moment, so the moment is not examined.
  }
  if (judgedBy(said) !== 'today') {
    const found = inTheWayOf(impediments, said.registered);
    return found ? [impedimentOf(subject, found)] : [];
  }
  const use = useAt(said.statement.date, said.registered.date);
  const found = bearing(impediments, opener.moment, use, 'signer');
  return found ? [bearingOf(subject, found, use)] : [];
}

/** Why a chain of organisations was not in good standing on these days. */
export function flawsOfOrganisations(
  organisations: readonly OpenOrganisation[],
  asked: When,
  use: Use,
): readonly string[] {
  return organisations.flatMap((organisation) => {
    const found = bearing(organisation.impediments, asked, use, 'signer');
    return [
      ...organisation.flaws,
      ...unsound(organisation, [use.done, use.registered]),
      ...(found ? [bearingOf(`Organisation ${organisation.id}`, found, use)] : []),
    ];
  });
}

/** An organisation has to have a certificate that is valid on each of these days. */
function unsound({ id, keys }: OpenOrganisation, moments: readonly Instant[]): readonly string[] {
  const without = moments.map(dateOf).find((day) => !keys.some(({ certificate }) => isValidOn(certificate, day)));
  return without === undefined || keys.length === 0
    ? []
    : [`Organisation ${id} had no valid certificate on ${without}.`];
}

function labelOf({ statement: { type, subject } }: Pick<Said, 'statement'>): string {
  return `${type.replace(/^tracecal-|\/\d+$/g, '')} about ${subject.id}`;
}
