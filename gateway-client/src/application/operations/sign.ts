import { instantOf, isKind, registrantOf } from '@tracecal/core/model';
import type { Jws, Statement } from '@tracecal/core/model';
import { majorityOf } from '@tracecal/core/open';
import { signerName } from '@tracecal/core/signing';
import type { SignerKind } from '@tracecal/core/signing';
import { inForce, needsOwnKey, signatoriesOf, speakersFor } from '@tracecal/core/trace';
import { addSignature, missingSignatories, readStatement, signStatement } from '../../client/index.js';
import type { Signer } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { missingKey } from '../keys/missingKey.js';
import type { Session } from '../session/session.js';
import { requireOrganisation } from './registered.js';
import { settle } from './settle.js';

/** What signing needs to know of a session, so that a machine without a network can have it too. */
export type SigningSession = Pick<Session, 'keys' | 'registry' | 'institutes' | 'officer' | 'reader'>;

/** Keys that are not in their place yet, by the name of who signs with them. */
export type OtherKeys = Readonly<Record<string, Signer>>;

/**
 * Signs a statement with every required key that is here; of the institutes no more than a majority. Others may have to add theirs: see
 * {@link missingSignatures}.
 *
 * @throws ApplicationError `KEYS_MISSING` if no required key is here; `NOT_REGISTERED` if an organisation that has to sign is not registered:
 * nobody can ever add its signature
 */
export async function sign(session: SigningSession, statement: Statement, others: OtherKeys = {}): Promise<Jws> {
  const needed = signatoriesOf(statement, await isInstitute(session));
  const named = await Promise.all(needed.names.map(async (name) => others[name] ?? holderOf(session, name)));
  const speaking = await Promise.all(needed.voices.map((id) => voiceOf(session, statement, id)));
  const majority = needed.majority === 'none' ? [] : await majorityHere(session, statement);
  const signers = [...named, ...speaking, ...majority].filter((signer) => signer !== undefined);
  if (signers.length === 0) {
    const who = [...needed.names, ...needed.voices.map((id) => `an officer of ${id}`)].join(', ') || 'an institute';
    const [first] = needed.voices;
    throw first === undefined
      ? new ApplicationError(
          'KEYS_MISSING',
          `No key of ${who} is in ${session.keys.folder}: ask its holder to run this.`,
        )
      : missingKey('organisation', first, session.keys.folder);
  }
  for (const [place, id] of needed.voices.entries()) {
    if (speaking[place] === undefined) await requireOrganisation(session, id);
  }
  return signStatement(statement, signers);
}

/**
 * Adds the signatures that an organisation can make with the keys here: in its name, or as one of its people and devices.
 *
 * @throws ApplicationError `OTHER_REGISTRY` for a statement that was written for another registry
 */
export async function signAs(session: SigningSession, jws: Jws, organisation: string): Promise<Jws> {
  const statement = readStatement(jws);
  await requireOurs(session, statement);
  const { names, voices, majority } = missingSignatories(jws, await isInstitute(session));
  const own = names.filter((name) => registrantOf(idIn(name)) === organisation);
  const signers = await Promise.all(own.map((name) => holderOf(session, name)));
  const speaks =
    voices.includes(organisation) || (majority !== 'none' && speakersFor(jws, organisation, names).length === 0);
  let signed = jws;
  for (const signer of [...signers, speaks ? await voiceOf(session, statement, organisation) : undefined]) {
    signed = signer ? await addSignature(signed, signer) : signed;
  }
  return signed;
}

/** Signers that are still missing, in words; empty if the statement is complete. */
export async function missingSignatures(session: SigningSession, jws: Jws): Promise<readonly string[]> {
  const statement = readStatement(jws);
  const { names, voices, majority } = missingSignatories(jws, await isInstitute(session));
  const told = [...names, ...voices.map((id) => `an officer of ${id}`)];
  if (majority === 'none') {
    return told;
  }
  const { entitled, fewest } = await electorate(session, statement);
  const { names: exact } = signatoriesOf(statement, await isInstitute(session));
  const spoken = entitled.filter((id) => speakersFor(jws, id, exact).length > 0);
  const left = entitled.filter((id) => !spoken.includes(id));
  const count = fewest - spoken.length;
  return count > 0 ? [...told, `${count} of the institutes ${left.join(', ')}`] : told;
}

async function requireOurs(session: SigningSession, { registry }: Statement): Promise<void> {
  const ours = await session.registry();
  if (registry !== ours) {
    throw new ApplicationError('OTHER_REGISTRY', `The statement is for ${registry}, this registry is ${ours}.`);
  }
}

async function isInstitute(session: SigningSession): Promise<(id: string) => boolean> {
  const institutes = await session.institutes();
  return (id) => institutes.some((institute) => institute.id === id);
}

/** Officers of a majority of the institutes in good standing, the author's first, as far as their keys are here. */
async function majorityHere(session: SigningSession, statement: Statement): Promise<readonly Signer[]> {
  const { entitled, fewest } = await electorate(session, statement);
  const ordered = entitled.toSorted((a, b) => Number(b === statement.author) - Number(a === statement.author));
  const signers: Signer[] = [];
  for (const id of ordered) {
    const signer = signers.length < fewest ? await voiceOf(session, statement, id) : undefined;
    signers.push(...(signer ? [signer] : []));
  }
  return signers;
}

/** The institutes that decide about a statement, and how many of them must sign. */
async function electorate(session: SigningSession, statement: Statement) {
  const now = instantOf(Date.now());
  const { majority } = signatoriesOf(statement, await isInstitute(session));
  const entitled = (await session.institutes())
    .filter(
      ({ id, impediments }) => !inForce(impediments, now) && (majority === 'institutes' || id !== statement.subject.id),
    )
    .map(({ id }) => id);
  // One institute alone can never revoke another.
  const least = majority === 'institutes' ? 1 : 2;
  return { entitled, fewest: Math.max(least, majorityOf(entitled.length)) };
}

/** The signer for an organisation here: a registered officer, or its own key. */
async function voiceOf(
  session: SigningSession,
  statement: Statement,
  organisation: string,
): Promise<Signer | undefined> {
  const isAboutOfficer = isKind(statement, 'authorisation') && statement.body.role === 'officer';
  // Officers may neither appoint one another nor lift a suspension of one another.
  const byItself = isAboutOfficer || needsOwnKey(statement);
  const officer = byItself ? undefined : await officerHere(session, organisation);
  return holderOf(
    session,
    officer === undefined ? signerName('organisation', organisation) : signerName('officer', officer),
  );
}

async function officerHere(session: SigningSession, organisation: string): Promise<string | undefined> {
  const officers = (await session.keys.ids('officer')).filter((id) => registrantOf(id) === organisation);
  const now = instantOf(Date.now());
  for (const id of officers) {
    const officer = await session.officer(id);
    if (officer && !inForce(officer.impediments, now)) {
      return id;
    }
  }
  return undefined;
}

/** The key of a signer, if it is here. */
async function holderOf(session: SigningSession, name: string): Promise<Signer | undefined> {
  const kind = name.slice(0, name.indexOf(':')) as SignerKind;
  const id = idIn(name);
  if (!session.keys.has(kind, id)) {
    return undefined;
  }
  await settle(session, kind, id);
  return session.keys.signer(kind, id);
}

function idIn(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
