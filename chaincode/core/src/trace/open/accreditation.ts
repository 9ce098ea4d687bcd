import { dateOf, FORWARD_REASONS, instantOf, isKind, millisecondsOf } from '../../model/index.js';
import type { CalendarDate, Entry } from '../../model/index.js';
import type { Line } from './opened.js';
import type { Opener } from './opener.js';
import { Order } from './order.js';
import { readable } from './statement.js';
import type { Said } from './statement.js';

/**
 * The lines of an organisation's accreditation that an entitled organisation granted, each until its last day after reductions, or of
 * its accreditor. A reduction ends a line on the day that it states, but not before the day on which it was registered (ISO/IEC 17011,
 * 7.11).
 */
export async function linesOf(
  opener: Opener,
  organisation: string,
  entries: readonly Entry[],
): Promise<readonly Line[]> {
  const granted = new Map<string, Line>();
  const order = new Order();
  for (const word of readable(entries, await opener.registry(), 'accreditation', 'reduction')) {
    if (order.follows(word.statement) && (await isGranted(opener, organisation, word))) {
      order.take(word.statement);
      apply(granted, word);
    }
  }
  return Promise.all(Array.from(granted.values(), (line) => whileAccredited(opener, organisation, line)));
}

/**
 * Nobody maintains a line once its accreditor is no more: what was done until then stays sound. What the institutes granted one another
 * was decided by a majority, and stays whatever becomes of one of them.
 */
async function whileAccredited(opener: Opener, organisation: string, line: Line): Promise<Line> {
  const { members } = (await opener.institutes()).after(line.registered.decisions);
  const end = members.has(organisation) ? undefined : await lastDayOf(opener, line.by);
  return end === undefined ? line : endedOn(end, line);
}

/** The last day of an accreditor, or of an organisation above it, that was revoked for what came later; of none: undefined. */
async function lastDayOf(opener: Opener, accreditor: string): Promise<CalendarDate | undefined> {
  const { organisations } = await opener.certification(accreditor);
  const [first] = organisations
    .flatMap(({ impediments }) => impediments)
    .filter(({ state, reason }) => state === 'revoked' && FORWARD_REASONS.includes(reason))
    .map(({ effective }) => effective)
    .filter((effective) => opener.moment.hasReached(effective))
    .sort();
  return first === undefined ? undefined : dateOf(instantOf(millisecondsOf(first) - 1000));
}

function endedOn(validTo: CalendarDate, line: Line): Line {
  return validTo < line.scope.validTo ? { ...line, scope: { ...line.scope, validTo } } : line;
}

async function isGranted(
  opener: Opener,
  organisation: string,
  word: Said<'accreditation' | 'reduction'>,
): Promise<boolean> {
  return (
    word.statement.subject.id === organisation &&
    (await mayAccredit(opener, word)) &&
    (await opener.flawsOf(word)).length === 0
  );
}

/**
 * The grantor of lines may reduce them, whatever the policy is today, and so may the institute above the organisation. Institutes
 * grant lines to one another. To other organisations, depending on the registry's policy at that time, lines are granted by the
 * institute at the top of the organisation's certification, or by an accreditation body that an institute certifies. No organisation
 * can accredit itself by way of organisations that it certifies.
 */
export async function mayAccredit(
  opener: Opener,
  { statement, registered }: Said<'accreditation' | 'reduction'>,
): Promise<boolean> {
  const { members, policy } = (await opener.institutes()).after(registered.decisions);
  const { author, subject } = statement;
  if (members.has(subject.id)) {
    return members.has(author);
  }
  const above = await opener.objections.above(subject.id);
  const isCertifier = members.has(author) && above.at(-1) === author;
  if (isKind(statement, 'reduction')) {
    return isCertifier || author === statement.body.grantor;
  }
  return (
    (isCertifier && policy.accreditors !== 'body') ||
    (policy.accreditors !== 'certifier' && author !== subject.id && (await isBody(opener, author, members)))
  );
}

async function isBody(opener: Opener, author: string, members: ReadonlyMap<string, unknown>): Promise<boolean> {
  const body = await opener.organisation(author);
  return body?.kind === 'ACCREDITATION_BODY' && members.has(body.membership.body.certifier ?? '');
}

function apply(granted: Map<string, Line>, { statement, registered }: Said<'accreditation' | 'reduction'>): void {
  if (isKind(statement, 'accreditation')) {
    const { author } = statement;
    const { body, number, lines } = statement.body;
    lines.forEach((scope, place) => {
      granted.set(nameOf(author, statement.number, place), { scope, by: author, body, number, registered });
    });
    return;
  }
  const { grantor, accreditation, lines, validTo } = statement.body;
  const end = [validTo, dateOf(registered.date)].sort().at(-1) ?? validTo;
  for (const [name, line] of granted) {
    const isMeant = lines
      ? lines.some((place) => nameOf(grantor, accreditation, place) === name)
      : name.startsWith(nameOf(grantor, accreditation, ''));
    if (isMeant) {
      granted.set(name, endedOn(end, line));
    }
  }
}

function nameOf(author: string, number: number, place: number | ''): string {
  return `${author} ${number} ${place}`;
}
