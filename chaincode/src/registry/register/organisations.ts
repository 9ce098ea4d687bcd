import { CERTIFIES, entriesOf, RegistryError } from '@tracecal/core/model';
import type { OrganisationRecord } from '@tracecal/core/model';
import { isSameMember, MAX_CHAIN, mayNotCertify, readable } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { signerName } from '@tracecal/core/signing';
import { speakersFor } from '@tracecal/core/trace';
import { brought, claim, issuerOf } from '../holders.js';
import type { Brought } from '../holders.js';
import { actThroughMsp, membersOf } from '../members.js';
import { requireFirst, requireNext, requireRoom } from '../numbers.js';
import { overlay } from '../overlay.js';
import { certifiedEntry, openerFor, requireKey, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import type { StateWriter } from '../state.js';
import { requireCertifiersMsp, requireOpenIfNamed, requireOpenIfRenamed } from './pseudonyms.js';

/** Registers an organisation that another certifies, or a further key of one that is registered. */
export async function registerOrganisation(registration: Registration<'organisation'>): Promise<Details> {
  const { state, word } = registration;
  const { author, subject, body } = word.statement;
  if (author !== subject.id) {
    throw new RegistryError('NOT_AUTHORISED', `${subject.id} itself says what it is, not ${author}.`);
  }
  const before = await state.organisation(subject.id);
  if (before && word.statement.number > 0) {
    return renew(registration, before);
  }
  if (before) {
    throw new RegistryError('ALREADY_EXISTS', `organisation ${subject.id} is registered already.`);
  }
  requireFirst(word);
  if (body.kind === 'NMI' || body.certifier === null) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${subject.id} must name the organisation that certifies it; an institute is admitted by the others (admitInstitute).`,
    );
  }
  requireOpenIfNamed(word);
  await requireCertifier(state, word, body.certifier);
  await requireCertifiersMsp(state, word);
  const record: OrganisationRecord = {
    id: subject.id,
    memberships: [],
    accreditations: [],
    requirements: [],
    impediments: [],
  };
  const sharing = await sharers(state, word);
  await enter(registration, record, sharing);
  // Who acts through an MSP may let others act through it, so whoever acts for a pseudonym stays the only one.
  if (!body.pseudonym) {
    await actThroughMsp(state, body.mspId, [{ id: subject.id, kind: body.kind }]);
  }
  state.write(keys.certified(body.certifier, subject.id), null);
  return {};
}

async function renew(registration: Registration<'organisation'>, before: OrganisationRecord): Promise<Details> {
  const { word } = registration;
  const { subject, body } = word.statement;
  const entries = entriesOf.organisation(before);
  requireNext(word, entries);
  requireRoom(word, entries);
  const was = readable(before.memberships, word.statement.registry, 'organisation').at(-1)?.statement.body;
  if (!was || !isSameMember(was, body)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `a further key of ${subject.id} leaves its kind, MSP, certifier and pseudonym as they are: register another organisation instead.`,
    );
  }
  requireOpenIfRenamed(word, was);
  await enter(registration, before, []);
  return {};
}

async function enter(
  registration: Registration<'organisation'>,
  before: OrganisationRecord,
  also: readonly string[],
): Promise<void> {
  const { state, word } = registration;
  const { subject, body } = word.statement;
  const own = brought(registration, 'organisation', subject.id, subject.id, body.certificateSha256);
  const issuer = await issuerCertificate(state, word, own);
  const entry = certifiedEntry(registration);
  const record: OrganisationRecord = { ...before, memberships: [...before.memberships, entry] };
  const opener = await requireWord(overlay(state, { organisations: [record] }), word, also);
  await requireKey(opener, registration, signerName('organisation', subject.id), own.certificate.sha256);
  await claim(state, own, issuer);
  state.write(keys.organisation(subject.id), record);
}

async function issuerCertificate(state: StateWriter, { statement, registered }: Said<'organisation'>, own: Brought) {
  const { certifier } = statement.body;
  if (certifier === null) {
    return issuerOf(own, [own], 'itself');
  }
  const { keys: above } = await openerFor(state, { registered }).keyrings.organisation(certifier);
  return issuerOf(own, above, certifier);
}

async function requireCertifier(
  state: StateWriter,
  { statement, registered }: Said<'organisation'>,
  certifier: string,
): Promise<void> {
  const { organisations, missing } = await openerFor(state, { registered }).certification(certifier);
  if (missing !== null) {
    throw new RegistryError('NOT_FOUND', `no organisation ${missing} is registered here.`);
  }
  const by = organisations[0]?.kind;
  if (by && !CERTIFIES[by].includes(statement.body.kind)) {
    throw new RegistryError('NOT_AUTHORISED', mayNotCertify(certifier, by, statement.subject.id, statement.body.kind));
  }
  if (organisations.length >= MAX_CHAIN) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${certifier} stands below ${organisations.length - 1} others: no organisation can be certified that far down.`,
    );
  }
}

/**
 * An organisation that also has to sign, because organisations act through the MSP already: one of them, unless one has
 * already signed in another role. Otherwise anybody could act under another organisation's MSP.
 */
export async function sharers(
  state: StateWriter,
  { statement, entry }: Said<'organisation'>,
): Promise<readonly string[]> {
  const { mspId, certifier } = statement.body;
  const sharing = (await membersOf(state, mspId)).map(({ id }) => id);
  if (sharing.length === 0 || (certifier !== null && sharing.includes(certifier))) {
    return [];
  }
  const speaking = sharing.filter((id) => speakersFor(entry.jws, id).length > 0);
  const [first] = speaking;
  if (first === undefined) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${sharing.join(', ')} already ${sharing.length === 1 ? 'acts' : 'act'} through ${mspId}: one of them must sign as well.`,
    );
  }
  return [first];
}
