import { entriesOf, RegistryError } from '@tracecal/core/model';
import type { PersonRecord } from '@tracecal/core/model';
import { readable } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { signerName } from '@tracecal/core/signing';
import { brought, claim, issuerOf } from '../holders.js';
import { requireNext, requireRoom } from '../numbers.js';
import { overlay } from '../overlay.js';
import { certifiedEntry, openerFor, requireKey, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';

/**
 * Registers the duties of a technician or an officer for an organisation: for the first time, with a new key, or with
 * changed duties.
 */
export async function authorise(registration: Registration<'authorisation'>): Promise<Details> {
  const { state, word } = registration;
  const { author, subject, body } = word.statement;
  await required('organisation', author, state.organisation(author));
  const before = (await state.person(subject.id)) ?? { id: subject.id, authorisations: [], impediments: [] };
  const entries = entriesOf.person(before);
  requireNext(word, entries);
  requireRoom(word, entries);
  requireRole(registration, before);

  const own = brought(registration, body.role, author, subject.id, body.certificateSha256);
  const above = await openerFor(state, word).keyrings.organisation(author);
  const issuer = issuerOf(own, above.keys, author);
  const entry = certifiedEntry(registration);
  const record: PersonRecord = { ...before, authorisations: [...before.authorisations, entry] };
  const opener = await requireWord(overlay(state, { person: record }), word);
  await requireKey(opener, registration, signerName(body.role, subject.id), own.certificate.sha256);
  await claim(state, own, issuer);
  state.write(keys.person(subject.id), record);
  return {};
}

function requireRole({ word }: Registration<'authorisation'>, before: PersonRecord): void {
  const { subject, body } = word.statement;
  const [first] = readable(before.authorisations, word.statement.registry, 'authorisation');
  if (first && first.statement.body.role !== body.role) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${subject.id} is registered as ${first.statement.body.role}: give the ${body.role} an id and a key of their own.`,
    );
  }
  if (body.role === 'officer' && body.quantities.length > 0) {
    throw new RegistryError('INPUT_INVALID', `officer ${subject.id} signs no reports: quantities must be empty.`);
  }
}
