import {
  entriesOf,
  FORWARD_REASONS,
  instantOf,
  isKind,
  millisecondsOf,
  registrantOf,
  RegistryError,
} from '@tracecal/core/model';
import type { Entry, Instant, OrganisationRecord, RegistryRecord, Statement } from '@tracecal/core/model';
import { answerableFor, Grounds, Opener, readable, said } from '@tracecal/core/open';
import type { OpenDevice, Said } from '@tracecal/core/open';
import { impedimentsOf, isOfPredecessor } from '@tracecal/core/trace';
import type { Impediment, ImpedimentKind } from '@tracecal/core/trace';
import type { Key } from '../../contract/index.js';
import { founded } from '../founding.js';
import { keys } from '../keys.js';
import { requireNext, requireRoom } from '../numbers.js';
import { overlay } from '../overlay.js';
import { lastingEntries } from '../ownersWords.js';
import type { Changes } from '../overlay.js';
import { requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { entriesAboutReport } from './aboutReport.js';
import { requireInstitute } from './institutes.js';

const DAY_MS = 86_400_000;

/** What a statement is about: what was said before, who has a say, and where to write. */
interface Subject {
  readonly name: string;
  /** All that its record holds. */
  readonly entries: readonly Entry[];
  readonly impediments: readonly Impediment[];
  /** Organisations responsible for it; those above them have a say as well. Null: institutes decide by themselves. */
  readonly responsible: readonly string[] | null;
  /** Of a device, those who owned it, in order, and when they came to. */
  readonly ownership?: Pick<OpenDevice, 'owners' | 'since'>;
  readonly key: Key;
  /** Its record with the new entry. */
  readonly record: object;
  /** What an organisation that lifts its own suspension is judged by: it is suspended until then. */
  readonly changes?: Changes;
}

/** Revokes, suspends or reinstates a report, device, person or organisation by adding a statement to its record. */
export async function changeStanding({ state, word }: Registration<ImpedimentKind>): Promise<Details> {
  const { statement } = word;
  const subject = await subjectOf(state, word);
  requireEffectSoon(statement.body.effective, word.registered.date);
  requireNext(word, subject.entries);
  requireRoom(word, subject.entries);
  await requireAuthority(state, word, subject.responsible);
  if (isKind(statement, 'revocation')) {
    requireSaysMore(await reachedBy(state, subject, word), statement.body.reason, statement.body.effective);
  } else if (isKind(statement, 'suspension')) {
    requireNotSuspended(await reachedBy(state, subject, word), statement.author, statement.body.effective);
  } else {
    await requireLifts(state, subject, word as Said<'reinstatement'>);
  }
  await requireWord(isKind(statement, 'reinstatement') ? overlay(state, subject.changes ?? {}) : state, word);
  state.write(subject.key, subject.record);
  return {};
}

async function subjectOf(state: StateWriter, word: Said<ImpedimentKind>): Promise<Subject> {
  const { id, kind } = word.statement.subject;
  switch (kind) {
    case 'report':
      return reportSubject(state, word, id);
    case 'device':
      return deviceSubject(state, word, id);
    case 'person':
      return personSubject(state, word, id);
    case 'organisation':
      return organisationSubject(state, word, id);
  }
}

async function reportSubject(
  state: StateWriter,
  { entry, statement }: Said<ImpedimentKind>,
  id: string,
): Promise<Subject> {
  const before = await required('report', id, state.report(id));
  const report = said(before.statement, statement.registry, 'report');
  const record = { ...before, impediments: [...before.impediments, entry] };
  return {
    ...common(statement, before.impediments),
    entries: await entriesAboutReport(state, before, statement.author),
    responsible: answerableFor(report.statement),
    key: keys.report(id),
    record,
  };
}

async function deviceSubject(
  state: StateWriter,
  { entry, registered }: Said<ImpedimentKind>,
  id: string,
): Promise<Subject> {
  const before = await required('device', id, state.device(id));
  const device = await required('device', id, new Opener(new Grounds(state, registered.date)).device(id));
  const record = { ...before, impediments: [...before.impediments, entry] };
  return {
    name: `device ${id}`,
    impediments: device.impediments,
    entries: lastingEntries(device),
    // Who drops a standard must be able to say so at once, whoever imprinted it.
    responsible: [registrantOf(id), device.owner],
    ownership: device,
    key: keys.device(id),
    record,
  };
}

async function personSubject(
  state: StateWriter,
  { entry, statement }: Said<ImpedimentKind>,
  id: string,
): Promise<Subject> {
  const before = await required('person', id, state.person(id));
  const record = { ...before, impediments: [...before.impediments, entry] };
  return {
    ...common(statement, before.impediments),
    entries: entriesOf.person(before),
    responsible: [registrantOf(id)],
    key: keys.person(id),
    record,
  };
}

async function organisationSubject(state: StateWriter, word: Said<ImpedimentKind>, id: string): Promise<Subject> {
  const before = await required('organisation', id, state.organisation(id));
  const { members } = await new Opener(new Grounds(state, word.registered.date)).institutes();
  if (members.has(id)) {
    return instituteSubject(state, word, before);
  }
  const record = { ...before, impediments: [...before.impediments, word.entry] };
  return {
    ...common(word.statement, before.impediments),
    entries: entriesOf.organisation(before),
    responsible: [id],
    key: keys.organisation(id),
    record,
    changes: { organisations: [record] },
  };
}

/** What is said against an institute stands in the registry's own record, in order with who was admitted. */
async function instituteSubject(
  state: StateWriter,
  { entry, statement }: Said<ImpedimentKind>,
  organisation: OrganisationRecord,
): Promise<Subject> {
  const before: RegistryRecord = await founded(state);
  const { id } = organisation;
  const about = before.changes.filter((change) =>
    readable([change], statement.registry, 'revocation', 'suspension', 'reinstatement').some(
      (earlier) => earlier.statement.subject.id === id,
    ),
  );
  const record = { ...before, changes: [...before.changes, entry] };
  return {
    ...common(statement, about),
    entries: [...organisation.memberships, ...organisation.accreditations, ...before.changes],
    responsible: null,
    key: keys.registry(),
    record,
    changes: { founding: record },
  };
}

function common({ registry, subject: { kind, id } }: Statement, entries: readonly Entry[]) {
  const words = readable(entries, registry, 'revocation', 'suspension', 'reinstatement');
  return { name: `${kind} ${id}`, impediments: impedimentsOf(words) };
}

/** What lies far ahead would use up room, and block what has to be said until then. */
function requireEffectSoon(effective: Instant, now: Instant): void {
  const latest = instantOf(millisecondsOf(now) + DAY_MS);
  if (effective > latest) {
    throw new RegistryError(
      'TIME_INVALID',
      `a revocation, suspension or reinstatement can take effect until ${latest}, not on ${effective}: register it later.`,
    );
  }
}

/** @throws RegistryError `NOT_AUTHORISED` if the author has no say in the matter. */
async function requireAuthority(
  state: StateWriter,
  word: Said<ImpedimentKind>,
  responsible: readonly string[] | null,
): Promise<void> {
  const { author, subject } = word.statement;
  if (responsible === null) {
    // An institute speaks about itself, also while it is suspended; about another only one that stands.
    await (author === subject.id ? Promise.resolve() : requireInstitute(state, word));
    return;
  }
  if (!(await above(state, word, responsible)).includes(author)) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${author} has no say about ${subject.kind} ${subject.id}: ${responsible.join(' or ')}, or an organisation that certifies it, must sign.`,
    );
  }
}

async function above(state: StateWriter, { registered }: Said<ImpedimentKind>, ids: readonly string[]) {
  const opener = new Opener(new Grounds(state, registered.date));
  const chains = await Promise.all(ids.map((id) => opener.certification(id)));
  return chains.flatMap(({ organisations }) => organisations.map(({ id }) => id));
}

/** A subject with what was said against it that reaches as far as a new word: an owner's does not go behind their owning it. */
async function reachedBy(state: StateWriter, subject: Subject, word: Said<ImpedimentKind>): Promise<Subject> {
  const { ownership, impediments } = subject;
  const isImprinters = (await above(state, word, [registrantOf(word.statement.subject.id)])).includes(
    word.statement.author,
  );
  const reach = isImprinters ? null : (ownership?.since.at(-1)?.date ?? null);
  const isAsWide = (each: Impediment) => each.reach === null || (reach !== null && each.reach <= reach);
  return ownership ? { ...subject, impediments: impediments.filter(isAsWide) } : subject;
}

/** Again only if it says more: that reaches back, or from an earlier date. */
function requireSaysMore({ name, impediments }: Subject, reason: Impediment['reason'], effective: Instant): void {
  const isForward = FORWARD_REASONS.includes(reason);
  const said = impediments.find(
    (each) =>
      each.state === 'revoked' && each.effective <= effective && (isForward || !FORWARD_REASONS.includes(each.reason)),
  );
  if (said) {
    throw new RegistryError('STANDING_INVALID', `${name} is revoked already since ${said.effective} (${said.reason}).`);
  }
}

/** Suspensions of one organisation never stand in the way of another's. */
function requireNotSuspended({ name, impediments }: Subject, author: string, effective: Instant): void {
  // A revocation that looks forward leaves what was done before to be doubted by others.
  const revoked = impediments.find(
    (each) => each.state === 'revoked' && each.effective <= effective && !FORWARD_REASONS.includes(each.reason),
  );
  const own = impediments.find(({ state, until, by }) => state === 'suspended' && until === null && by === author);
  const found = revoked ?? own;
  if (found) {
    throw new RegistryError(
      'STANDING_INVALID',
      `${name} is ${found.state} already since ${found.effective} by ${found.by}.`,
    );
  }
}

/** By whom it was imposed, or above: an owner does not lift what the imprinter said, nor the other way round. */
async function requireLifts(state: StateWriter, subject: Subject, word: Said<'reinstatement'>): Promise<void> {
  const { author, subject: about, body } = word.statement;
  const { name, impediments, responsible, ownership } = subject;
  // What an owner has revoked leaves standing what was done before: that others may have suspended.
  if (
    impediments.some(
      ({ state: found, reason, reach }) => found === 'revoked' && reach === null && !FORWARD_REASONS.includes(reason),
    )
  ) {
    throw new RegistryError('STANDING_INVALID', `${name} is revoked, and a revocation is for good.`);
  }
  const suspension = impediments.findLast(
    (each) => each.state === 'suspended' && each.until === null && each.by === body.lifts,
  );
  if (!suspension) {
    throw new RegistryError('STANDING_INVALID', `${name} is not suspended by ${body.lifts}.`);
  }
  if (body.effective < suspension.effective) {
    throw new RegistryError(
      'TIME_INVALID',
      `${name} is suspended since ${suspension.effective}: that cannot end on ${body.effective}.`,
    );
  }
  // Among institutes none is above another: what a majority has imposed a majority lifts.
  const mayLift =
    responsible === null
      ? (author === about.id) === (body.lifts === about.id)
      : (await above(state, word, [body.lifts])).includes(author) ||
        // Whoever owns a device now frees it from what was imposed in the name of its former owners.
        (ownership?.owners.at(-1) === author && isOfPredecessor(suspension, ownership.owners.length - 1));
  if (!mayLift) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${name} was suspended by ${body.lifts}: only that organisation or one that certifies it can lift this.`,
    );
  }
}
