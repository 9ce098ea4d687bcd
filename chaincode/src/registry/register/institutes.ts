import { RegistryError } from '@tracecal/core/model';
import type { CertifiedEntry, Item, Jws, OrganisationRecord, RegistryRecord } from '@tracecal/core/model';
import { registryName, said, standing } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { signerName } from '@tracecal/core/signing';
import { brought, claim, issuerOf } from '../holders.js';
import type { Brought } from '../holders.js';
import { founded } from '../founding.js';
import { actThroughMsp } from '../members.js';
import { requireFirst, requireNext, requireRoom } from '../numbers.js';
import { overlay } from '../overlay.js';
import { openerFor, requireKey, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import type { StateWriter } from '../state.js';
import { sharers } from './organisations.js';
import { requireOpenIfNamed } from './pseudonyms.js';

/** Founds the registry. All founders have signed the founding statement, and this service was started with its digest. */
export async function found({ state, item, word }: Registration<'founding'>): Promise<Details> {
  const { institutes } = word.statement.body;
  const { certificates = [], memberships = [] } = item;
  requireFirst(word);
  if (certificates.length !== institutes.length || memberships.length !== institutes.length) {
    throw new RegistryError(
      'INPUT_INVALID',
      'a founding comes with one certificate and one membership statement of each institute that it names, in its order.',
    );
  }
  if (!institutes.some(({ id }) => id === word.statement.author)) {
    throw new RegistryError('NOT_AUTHORISED', `the author ${word.statement.author} is not one of the founders.`);
  }
  // Each founder's membership statement must name this registry.
  const registry = registryName(state.channel, item.statement);
  const founders = institutes.map(({ id, certificateSha256 }, place) =>
    newcomer(registry, word, id, certificateSha256, {
      statement: memberships[place] ?? item.statement,
      certificate: certificates[place],
    }),
  );
  const record: RegistryRecord = { founding: word.entry, certificates, changes: [] };
  const organisations = founders.map((founder) => founder.record);
  const source = overlay(state, { founding: record, organisations });
  await requireWord(source, word);
  for (const founder of founders) {
    await requireNewcomer(source, founder);
    await enter(state, founder);
  }
  const mspIds = founders.map((founder) => founder.word.statement.body.mspId);
  for (const mspId of new Set(mspIds)) {
    await actThroughMsp(
      state,
      mspId,
      founders.flatMap(({ id }, place) => (mspIds[place] === mspId ? [{ id, kind: 'NMI' as const }] : [])),
    );
  }
  state.write(keys.registry(), record);
  // Founders may have signed before the ledger existed: the earlier of the two dates counts.
  const [opened = word.registered.date] = [word.statement.date, word.registered.date].sort();
  state.write(keys.epoch(), { number: 0, opened });
  return {};
}

/** Admits an institute. The new institute and a majority of the institutes in good standing have signed. */
export async function admit({ state, item, word }: Registration<'admission'>): Promise<Details> {
  const { author, subject, body } = word.statement;
  const before = await founded(state);
  requireFirst(word);
  await requireInstitute(state, word);
  requireRoom(word, before.changes);
  if (await state.organisation(subject.id)) {
    throw new RegistryError('ALREADY_EXISTS', `organisation ${subject.id} is registered already.`);
  }
  const [membership, ...others] = item.memberships ?? [];
  if (!membership || others.length > 0) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the admission of ${subject.id} by ${author} and others comes with its own membership statement.`,
    );
  }
  const founder = newcomer(word.statement.registry, word, subject.id, body.certificateSha256, {
    statement: membership,
    certificate: item.certificate,
  });
  const change = { ...word.entry, certificate: item.certificate ?? '' };
  const record: RegistryRecord = { ...before, changes: [...before.changes, change] };
  const source = overlay(state, { founding: record, organisations: [founder.record] });
  await requireWord(source, word);
  await requireNewcomer(source, founder, await sharers(state, founder.word));
  await enter(state, founder);
  const { mspId } = founder.word.statement.body;
  await actThroughMsp(state, mspId, [{ id: subject.id, kind: 'NMI' }]);
  state.write(keys.registry(), record);
  return {};
}

/** Changes the registry's policy, by a majority of the institutes. */
export async function setPolicy({ state, word }: Registration<'policy'>): Promise<Details> {
  const before = await founded(state);
  await requireInstitute(state, word);
  requireNext(word, before.changes);
  requireRoom(word, before.changes);
  await requireWord(state, word);
  state.write(keys.registry(), { ...before, changes: [...before.changes, word.entry] });
  return {};
}

/** Requires that a statement's author is an institute in good standing. @throws RegistryError `NOT_AUTHORISED` */
export async function requireInstitute(state: StateWriter, { statement, registered }: Said): Promise<void> {
  const { members } = await openerFor(state, { registered }).institutes();
  if (!standing(members, registered.date).includes(statement.author)) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${statement.author} is not an institute of this registry, or is suspended or revoked.`,
    );
  }
}

/** An institute that joins, with its own statement and its root certificate. */
interface Newcomer {
  readonly id: string;
  readonly word: Said<'organisation'>;
  readonly record: OrganisationRecord;
  readonly root: Brought;
}

function newcomer(
  registry: string,
  vouching: Said,
  id: string,
  certificateSha256: string,
  item: { readonly statement: Jws; readonly certificate: Item['certificate'] },
): Newcomer {
  const entry: CertifiedEntry = {
    jws: item.statement,
    registered: vouching.registered,
    certificate: item.certificate ?? '',
  };
  const word = said(entry, registry, 'organisation');
  requireFirst(word);
  const { subject, author, body } = word.statement;
  const isInstitute = body.kind === 'NMI' && body.certifier === null;
  if (subject.id !== id || author !== id || !isInstitute || body.certificateSha256 !== certificateSha256) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the membership statement of ${id} must be its own, of kind NMI, without a certifier, and name the same certificate.`,
    );
  }
  requireOpenIfNamed(word);
  const root = brought({ item, word }, 'organisation', id, id, certificateSha256);
  return {
    id,
    word,
    root,
    record: { id, memberships: [entry], accreditations: [], requirements: [], impediments: [] },
  };
}

/** @param also Organisations that also have to sign. */
async function requireNewcomer(
  source: ReturnType<typeof overlay>,
  { id, word, root }: Newcomer,
  also: readonly string[] = [],
): Promise<void> {
  const opener = await requireWord(source, word, also);
  await requireKey(opener, { state: source, word }, signerName('organisation', id), root.certificate.sha256);
  const { members } = await opener.institutes();
  if (!members.has(id)) {
    throw new RegistryError('NOT_AUTHORISED', `${id} is not admitted by a majority of the institutes.`);
  }
}

async function enter(state: StateWriter, { id, root, record }: Newcomer): Promise<void> {
  issuerOf(root, [{ certificate: root.certificate }], id);
  await claim(state, root, root.certificate);
  state.write(keys.organisation(id), record);
}
