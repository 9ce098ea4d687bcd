import {
  entriesOf,
  FORWARD_REASONS,
  instantOf,
  isKind,
  millisecondsOf,
  registrantOf,
  RegistryError,
} from '@tracecal/core/model';
import type { Entry, Instant, OrganisationRecord, RegistryRecord } from '@tracecal/core/model';
import { answerableFor, said } from '@tracecal/core/open';
import type { OpenDevice, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import type { Key } from '@tracecal/core/registry';
import { isOfPredecessor } from '@tracecal/core/trace';
import type { Impediment, ImpedimentKind } from '@tracecal/core/trace';
import { founded } from '../founding.js';
import { requireNext, requireRoom } from '../numbers.js';
import { overlay } from '../overlay.js';
import { lastingEntries } from '../ownersWords.js';
import type { Changes } from '../overlay.js';
import { openerFor, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { entriesAboutReport } from './aboutReport.js';
import { requireInstitute } from './institutes.js';

const DAY_MS = 86_400_000;

/** The subject of a statement: earlier statements about it, the organisations that have a say, and where to write. */
interface Subject {
  readonly name: string;
  /** All entries of its record. */
  readonly entries: readonly Entry[];
  /** As traces hear them: what no longer counts is neither in the way nor lifted. */
  readonly impediments: readonly Impediment[];
  /** Organisations responsible for it; the organisations above them have a say as well. Null: only institutes decide. */
  readonly responsible: readonly string[] | null;
  /** For a device, its owners in order, each with the date of becoming owner. */
  readonly ownership?: Pick<OpenDevice, 'owners' | 'since'>;
  readonly key: Key;
  /** Its record with the new entry. */
  readonly record: object;
  /** The record used to judge an organisation that lifts its own suspension: without the lift it is still suspended. */
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
  await indexLifted(state, word);
  return {};
}

/** Other lifts need no index: whoever registered something is found from what rests on it, and so are those above. */
async function indexLifted(state: StateWriter, word: Said<ImpedimentKind>): Promise<void> {
  const { author, subject } = word.statement;
  if (
    isKind(word.statement, 'reinstatement') &&
    subject.kind === 'device' &&
    !(await above(state, word, [registrantOf(subject.id)])).includes(author)
  ) {
    state.write(keys.lifted(author, subject.id), null);
  }
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
  { entry, statement, registered }: Said<ImpedimentKind>,
  id: string,
): Promise<Subject> {
  const before = await required('report', id, state.report(id));
  const report = said(before.statement, statement.registry, 'report');
  const record = { ...before, impediments: [...before.impediments, entry] };
  const responsible = answerableFor(report.statement);
  const { objections } = openerFor(state, { registered });
  return {
    name: `report ${id}`,
    impediments: await objections.impediments(statement.subject, before.impediments, responsible),
    entries: await entriesAboutReport(state, before, statement.author),
    responsible,
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
  const device = await required('device', id, openerFor(state, { registered }).device(id));
  const record = { ...before, impediments: [...before.impediments, entry] };
  return {
    name: `device ${id}`,
    impediments: device.impediments,
    entries: lastingEntries(device),
    // The owner must be able to report a dropped standard at once, independent of its imprinter.
    responsible: [registrantOf(id), device.owner],
    ownership: device,
    key: keys.device(id),
    record,
  };
}

async function personSubject(state: StateWriter, word: Said<ImpedimentKind>, id: string): Promise<Subject> {
  const before = await required('person', id, state.person(id));
  const { impediments } = await required('person', id, openerFor(state, word).person(id));
  const record = { ...before, impediments: [...before.impediments, word.entry] };
  return {
    name: `person ${id}`,
    impediments,
    entries: entriesOf.person(before),
    responsible: [registrantOf(id)],
    key: keys.person(id),
    record,
  };
}

async function organisationSubject(state: StateWriter, word: Said<ImpedimentKind>, id: string): Promise<Subject> {
  const before = await required('organisation', id, state.organisation(id));
  const opener = openerFor(state, word);
  const institute = (await opener.institutes()).members.get(id);
  if (institute) {
    return instituteSubject(state, word, before, institute.impediments);
  }
  const record = { ...before, impediments: [...before.impediments, word.entry] };
  return {
    name: `organisation ${id}`,
    impediments: await opener.objections.impedimentsOfOrganisation(before, 'today'),
    entries: entriesOf.organisation(before),
    responsible: [id],
    key: keys.organisation(id),
    record,
    changes: { organisations: [record] },
  };
}

/** Impediments of an institute are in the registry's own record, in order with the admissions. */
async function instituteSubject(
  state: StateWriter,
  { entry }: Said<ImpedimentKind>,
  organisation: OrganisationRecord,
  impediments: readonly Impediment[],
): Promise<Subject> {
  const before: RegistryRecord = await founded(state);
  const record = { ...before, changes: [...before.changes, entry] };
  return {
    name: `organisation ${organisation.id}`,
    impediments,
    entries: [...organisation.memberships, ...organisation.accreditations, ...before.changes],
    responsible: null,
    key: keys.registry(),
    record,
    changes: { founding: record },
  };
}

/** A statement with an effective date far in the future would use up space and block statements needed before that date. */
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
    // An institute may speak about itself even while it is suspended. Only an institute in good standing may speak about
    // another.
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
  const opener = openerFor(state, { registered });
  const chains = await Promise.all(ids.map((id) => opener.certification(id)));
  return chains.flatMap(({ organisations }) => organisations.map(({ id }) => id));
}

/**
 * A subject with the earlier statements that reach as far as a new one. An owner's statement does not reach back before the
 * ownership.
 */
async function reachedBy(state: StateWriter, subject: Subject, word: Said<ImpedimentKind>): Promise<Subject> {
  const { ownership, impediments } = subject;
  const isImprinters = (await above(state, word, [registrantOf(word.statement.subject.id)])).includes(
    word.statement.author,
  );
  const reach = isImprinters ? null : (ownership?.since.at(-1)?.date ?? null);
  const isAsWide = (each: Impediment) => each.reach === null || (reach !== null && each.reach <= reach);
  return ownership ? { ...subject, impediments: impediments.filter(isAsWide) } : subject;
}

/** A further revocation must add something: a reason that reaches back, or an earlier effective date. */
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

/** A suspension by one organisation never blocks a suspension by another. */
function requireNotSuspended({ name, impediments }: Subject, author: string, effective: Instant): void {
  // A revocation from a date on does not cover earlier work, which others may still question.
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

/**
 * Only the organisation that imposed it, or one above it, may lift it: an owner cannot lift the imprinter's suspension, nor
 * the imprinter the owner's.
 */
async function requireLifts(state: StateWriter, subject: Subject, word: Said<'reinstatement'>): Promise<void> {
  const { author, subject: about, body } = word.statement;
  const { name, impediments, responsible, ownership } = subject;
  // An owner's revocation leaves earlier work valid, which others may have suspended.
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
  // No institute is above another: what a majority imposed, a majority lifts.
  const mayLift =
    responsible === null
      ? (author === about.id) === (body.lifts === about.id)
      : (await above(state, word, [body.lifts])).includes(author) ||
        // The present owner of a device may lift what was imposed in the name of its former owners.
        (ownership?.owners.at(-1) === author && isOfPredecessor(suspension, ownership.owners.length - 1));
  if (!mayLift) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${name} was suspended by ${body.lifts}: only that organisation or one that certifies it can lift this.`,
    );
  }
}
