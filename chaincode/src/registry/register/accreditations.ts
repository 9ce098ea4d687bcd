import {
  entriesOf,
  isKind,
  MAX_BODIES_OF_AN_INSTITUTE,
  MAX_LINES_OF_AN_AUTHOR,
  RegistryError,
  whyNoLimitAtZero,
} from '@tracecal/core/model';
import type { OrganisationRecord } from '@tracecal/core/model';
import { mayAccredit, readable } from '@tracecal/core/open';
import type { Opener, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { requireNext, requireRoom } from '../numbers.js';
import { openerFor, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';

/** Adds lines to an organisation's accreditation. */
export async function accredit(registration: Registration<'accreditation'>): Promise<Details> {
  const { state, word } = registration;
  requireLimits(word);
  const { id } = word.statement.subject;
  const record = await required('organisation', id, state.organisation(id));
  requireRoomForLines(word, record);
  await requireFewBodies(openerFor(state, word), word, record);
  const { members } = await (await enter(registration)).institutes();
  if (!members.has(id)) {
    // A joint decision of the institutes stays valid when its author falls.
    state.write(keys.certified(word.statement.author, id), null);
  }
  return {};
}

/** Ends lines of an accreditation early. The grantor may do that, and the institute above it. */
export async function reduce(registration: Registration<'reduction'>): Promise<Details> {
  const { state, word } = registration;
  const { subject, body } = word.statement;
  const record = await required('organisation', subject.id, state.organisation(subject.id));
  const granted = readable(record.accreditations, word.statement.registry, 'accreditation').find(
    ({ statement }) => statement.author === body.grantor && statement.number === body.accreditation,
  );
  const count = granted?.statement.body.lines.length ?? 0;
  if (!granted || body.lines?.some((place) => place >= count)) {
    throw new RegistryError(
      'NOT_FOUND',
      `${body.grantor} has not granted ${subject.id} such lines in its accreditation statement ${body.accreditation}.`,
    );
  }
  await enter(registration);
  return {};
}

/** A line that allows any uncertainty at zero is a slip of the pen. Lines that were granted before this was asked stay readable. */
function requireLimits({ statement }: Said<'accreditation'>): void {
  for (const [place, line] of statement.body.lines.entries()) {
    const why = whyNoLimitAtZero(line);
    if (why !== undefined) {
      throw new RegistryError('INPUT_INVALID', `line ${place + 1}: ${why}.`);
    }
  }
}

/** Every trace through an organisation reads its whole record, so each author's lines are limited. */
function requireRoomForLines({ statement }: Said<'accreditation'>, { id, accreditations }: OrganisationRecord): void {
  const { registry, author, body } = statement;
  const granted = readable(accreditations, registry, 'accreditation').filter(
    (each) => each.statement.author === author,
  );
  const lines = granted.reduce((sum, each) => sum + each.statement.body.lines.length, 0);
  if (lines + body.lines.length > MAX_LINES_OF_AN_AUTHOR) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${author} has granted ${id} ${lines} lines in ${granted.length} statements: no more than ${MAX_LINES_OF_AN_AUTHOR} are kept.`,
    );
  }
}

/** Each body has space of its own, so an institute could make others' records long with many bodies that it certifies. */
async function requireFewBodies(
  opener: Opener,
  { statement: { registry, author } }: Said<'accreditation'>,
  { id, accreditations }: OrganisationRecord,
): Promise<void> {
  const grantors = new Set(
    readable(accreditations, registry, 'accreditation').map(({ statement }) => statement.author),
  );
  const institute = (await opener.objections.above(author)).at(-1);
  if (author === institute || grantors.has(author)) {
    return;
  }
  let bodies = 0;
  for (const grantor of grantors) {
    bodies += grantor !== institute && (await opener.objections.above(grantor)).at(-1) === institute ? 1 : 0;
  }
  if (bodies >= MAX_BODIES_OF_AN_INSTITUTE) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${bodies} bodies that ${institute ?? author} certifies have granted ${id} lines, and no more are kept: have one of them grant these.`,
    );
  }
}

async function enter({ state, word }: Registration<'accreditation' | 'reduction'>): Promise<Opener> {
  const { author, subject } = word.statement;
  const record: OrganisationRecord = await required('organisation', subject.id, state.organisation(subject.id));
  const entries = entriesOf.organisation(record);
  requireNext(word, entries);
  requireRoom(word, entries);
  const opener = await requireWord(state, word);
  if (!(await mayAccredit(opener, word))) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      isKind(word.statement, 'reduction')
        ? `${author} may not reduce the accreditation of ${subject.id}: whoever granted it may, and the institute above.`
        : `${author} may not accredit ${subject.id}: the registry's policy says who may (getRegistry).`,
    );
  }
  state.write(keys.organisation(subject.id), {
    ...record,
    accreditations: [...record.accreditations, word.entry],
  });
  return opener;
}
