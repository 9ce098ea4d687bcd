import { dateOf, kindOf } from '../../model/index.js';
import type { Instant, StatementKind } from '../../model/index.js';
import { claimedSigners, isValidOn } from '../../signing/index.js';
import { bearing, bearingOf, impedimentOf, inTheWayOf, useAt } from '../impediments.js';
import type { Impediment, Use } from '../impediments.js';
import type { When } from '../moment.js';
import { isOwnKey, needsOwnKey, signatoriesOf, voiceOf } from '../signatories.js';
import { hasMajority } from './institutes.js';
import { signingKey } from './key.js';
import type { Keyring, Voice } from './keyrings.js';
import type { OpenOrganisation } from './opened.js';
import type { Opener } from './opener.js';
import type { Said } from './statement.js';

/**
 * Types whose effect is final, such as a transfer: it stays in force, whatever is stated later about its signers. They are judged by
 * what the ledger held when they were registered; all other types by what is known today.
 */
const ACTS: readonly StatementKind[] = ['device', 'transfer', 'interval', 'requirements', 'rejection', 'reduction'];

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
  const speaking: string[] = [];
  for (const organisation of new Set([...needed.voices, ...also])) {
    const voices = await opener.keyrings.voices(said.entry, organisation, needed.names);
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
    if (!signingKey(said.entry, name, (await keysOf(opener, name)).keys)) {
      return [`The ${labelOf(said)} is not validly signed by ${name}.`];
    }
  }
  if (needed.majority !== 'none' && !(await hasMajority(said, council, opener.objections, needed.names))) {
    return [`The ${labelOf(said)} is not signed by a majority of the standing institutes, its author among them.`];
  }
  return strangers(said, [...needed.names, ...speaking], needed.majority === 'none' ? [] : [...council.members.keys()]);
}

/** Why the signers for organisations were not entitled. */
export async function flawsOfSpeakers(
  opener: Opener,
  said: Said,
  also: readonly string[] = [],
): Promise<readonly string[]> {
  const { members } = (await opener.institutes()).after(said.registered.decisions);
  const { voices, names } = signatoriesOf(said.statement, (id) => members.has(id));
  for (const organisation of new Set([...voices, ...also])) {
    for (const voice of await opener.keyrings.voices(said.entry, organisation, names)) {
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

/** Keys by the name of a signer. */
export function keysOf(opener: Opener, signer: string): Promise<Keyring> {
  const end = signer.indexOf(':');
  const id = signer.slice(end + 1);
  switch (signer.slice(0, end)) {
    case 'organisation':
      return opener.keyrings.organisation(id);
    case 'officer':
      return opener.keyrings.officer(id);
    case 'technician':
      return opener.keyrings.person(id);
    default:
      return opener.keyrings.device(id);
  }
}

/** Why a signature for an organisation did not count: its certificates, or objections against the officer and the organisations above. */
async function flawsOfVoice(opener: Opener, voice: Voice, said: Said): Promise<readonly string[]> {
  const { signer, organisation, key } = voice;
  const { date } = said.registered;
  const days = isAct(said) ? [date] : [said.statement.date, date];
  const expired = days.find((day) => !isValidOn(key.certificate, dateOf(day)));
  if (expired !== undefined) {
    return [`The certificate of ${signer} was not valid on ${dateOf(expired)}.`];
  }
  const id = signer.startsWith('officer:') ? signer.slice('officer:'.length) : '';
  const officer = id === '' ? undefined : await opener.person(id);
  const { organisations, missing } = await opener.certification(organisation);
  return [
    ...inTheWay(opener, `Officer ${id}`, officer?.impediments ?? [], said),
    ...(missing === null ? [] : [`Organisation ${missing} is not registered here.`]),
    ...(isWarning(said) ? organisations.slice(0, 1) : organisations).flatMap((each) => [
      ...each.flaws,
      ...unsound(each, days),
      ...inTheWay(opener, `Organisation ${each.id}`, each.impediments, said),
    ]),
  ];
}

/**
 * Whoever warns of their own things is heard whatever became of those above them. Otherwise the fall of an institute would silence
 * everybody below it, and nobody could call in question what they had calibrated.
 */
function isWarning({ statement }: Said): boolean {
  return WARNINGS.includes(kindOf(statement));
}

function isAct({ statement }: Said): boolean {
  return ACTS.includes(kindOf(statement));
}

function inTheWay(opener: Opener, subject: string, impediments: readonly Impediment[], said: Said): readonly string[] {
  if (impediments.length === 0) {
    return []; // This holds for every moment, so the moment is not examined.
  }
  if (isAct(said)) {
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
