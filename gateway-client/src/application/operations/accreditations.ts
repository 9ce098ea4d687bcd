import { dateOf, instantOf, isKind, plusDays } from '@tracecal/core/model';
import type {
  AccreditationGrant,
  AccreditationLine,
  CalendarDate,
  OrganisationRecord,
  Subject,
} from '@tracecal/core/model';
import { newStatement, readStatement, undefinedIfNotFound } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { sign } from './sign.js';

/** Signs an accreditation; an institute's is signed by a majority of the institutes. */
export async function accreditationItem(
  session: Session,
  organisation: string,
  author: string,
  grant: AccreditationGrant,
): Promise<Item> {
  const subject: Subject<'organisation'> = { kind: 'organisation', id: organisation };
  const statement = newStatement('accreditation', {
    registry: await session.registry(),
    author,
    subject,
    number: await nextNumber(session, author, subject),
    body: grant,
  });
  return { statement: await sign(session, statement) };
}

/** A statement that ends lines of an accreditation, and how many. */
export interface Reduced {
  readonly items: readonly Item[];
  readonly lines: number;
}

/** The lines that {@link reductionItems} ends: those of a quantity that the grantor granted and that last beyond a day. */
export interface Reduction {
  readonly quantity: string;
  readonly until: CalendarDate;
  /** The author, if absent. */
  readonly grantor?: string;
}

/** A line of an accreditation by its place in the statement that granted it. */
export interface GrantedLine {
  readonly accreditation: number;
  readonly place: number;
  readonly line: AccreditationLine;
}

/**
 * The lines that a reduction ends.
 *
 * @throws ApplicationError `INPUT_INVALID` if there are none
 */
export async function linesToReduce(
  session: Pick<Session, 'reader'>,
  organisation: string,
  { quantity, until, grantor }: Required<Reduction>,
): Promise<readonly GrantedLine[]> {
  const { record } = await (await session.reader()).getOrganisation(organisation);
  const found = record.accreditations
    .map(({ jws }) => readStatement(jws))
    .filter((statement) => isKind(statement, 'accreditation'))
    .filter((statement) => statement.author === grantor)
    .flatMap(({ number: accreditation, body }) =>
      body.lines
        .map((line, place) => ({ accreditation, place, line }))
        .filter(({ line }) => line.quantity === quantity && line.validTo > until),
    );
  if (found.length === 0) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${grantor} has granted ${organisation} no line of ${quantity} that lasts beyond ${until}.`,
    );
  }
  return found;
}

/**
 * Signs the end of lines that an organisation granted another; if the author is the institute above, the grantor may be another
 * organisation.
 *
 * @throws ApplicationError `INPUT_INVALID` if there are none
 */
export async function reductionItems(
  session: Session,
  organisation: string,
  author: string,
  { quantity, until, grantor = author }: Reduction,
): Promise<Reduced> {
  const ended = await linesToReduce(session, organisation, { quantity, until, grantor });
  const subject: Subject<'organisation'> = { kind: 'organisation', id: organisation };
  let number = await nextNumber(session, author, subject);
  const items: Item[] = [];
  for (const accreditation of new Set(ended.map((each) => each.accreditation))) {
    const lines = ended.filter((each) => each.accreditation === accreditation).map(({ place }) => place);
    const statement = newStatement('reduction', {
      registry: await session.registry(),
      author,
      subject,
      number,
      body: { grantor, accreditation, lines, validTo: until },
    });
    items.push({ statement: await sign(session, statement) });
    number += 1;
  }
  return { items, lines: ended.length };
}

/** The lines that {@link renewalItems} renews. */
export interface Renewal {
  /** Absent: all kinds. */
  readonly quantity?: string | undefined;
  readonly until: CalendarDate;
}

/**
 * Grants again the lines that an organisation granted another and that nobody reduced. Of lines that differ only in their dates, the newest
 * is renewed, from the day after its last day, or from today if that has passed.
 *
 * @throws ApplicationError `INPUT_INVALID` if all lines already last until then
 */
export async function renewalItems(
  session: Session,
  organisation: string,
  author: string,
  { quantity, until }: Renewal,
): Promise<Reduced> {
  const reader = await session.reader();
  const { record } = await reader.getOrganisation(organisation);
  const newest = new Map<string, Granted>();
  const all = grantedBy(author, record.accreditations).filter(
    ({ line }) => quantity === undefined || line.quantity === quantity,
  );
  for (const granted of all.filter(({ isReduced }) => !isReduced)) {
    const key = JSON.stringify([granted.body, granted.number, { ...granted.line, validFrom: null, validTo: null }]);
    const known = newest.get(key);
    newest.set(key, known && known.line.validTo >= granted.line.validTo ? known : granted);
  }
  const renewed = [...newest.values()].filter(({ line }) => line.validTo < until);
  if (renewed.length === 0) {
    const what = quantity === undefined ? 'line' : `line of ${quantity}`;
    if (all.some(({ isReduced }) => isReduced)) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `${author} has reduced its lines for ${organisation}, and no other ${what} ends before ${until}: reduced lines are not renewed, grant them again with \`tracecal scopes grant\`.`,
      );
    }
    throw new ApplicationError(
      'INPUT_INVALID',
      `${author} has granted ${organisation} no ${what} that ends before ${until}.`,
    );
  }
  const subject: Subject<'organisation'> = { kind: 'organisation', id: organisation };
  const registry = await session.registry();
  let number = await nextNumber(session, author, subject);
  const items: Item[] = [];
  for (const grant of inGrants(renewed, until)) {
    items.push({
      statement: await sign(session, newStatement('accreditation', { registry, author, subject, number, body: grant })),
    });
    number += 1;
  }
  return { items, lines: renewed.length };
}

type Granted = Omit<AccreditationGrant, 'lines'> & { readonly line: AccreditationLine; readonly isReduced: boolean };

function grantedBy(author: string, accreditations: OrganisationRecord['accreditations']): readonly Granted[] {
  const statements = accreditations.map(({ jws }) => readStatement(jws));
  const reductions = statements
    .filter((statement) => isKind(statement, 'reduction'))
    .map(({ body }) => body)
    .filter(({ grantor }) => grantor === author);
  return statements
    .filter((statement) => isKind(statement, 'accreditation'))
    .filter((statement) => statement.author === author)
    .flatMap(({ number: own, body: { lines, ...under } }) =>
      lines.map((line, place) => {
        const isReduced = reductions.some(
          (each) => each.accreditation === own && (each.lines === null || each.lines.includes(place)),
        );
        return { ...under, line, isReduced };
      }),
    );
}

/** One grant for each body and number. */
function inGrants(renewed: readonly Granted[], until: CalendarDate): readonly AccreditationGrant[] {
  const today = dateOf(instantOf(Date.now()));
  const grants = new Map<string, AccreditationGrant>();
  for (const { body, number, line } of renewed) {
    const key = JSON.stringify([body, number]);
    const after = plusDays(line.validTo, 1);
    const validFrom = after > today ? after : today;
    const lines = [...(grants.get(key)?.lines ?? []), { ...line, validFrom, validTo: until }];
    grants.set(key, { body, number, lines });
  }
  return [...grants.values()];
}

/** The first number, if the organisation is not registered yet. */
async function nextNumber(session: Session, author: string, subject: Subject): Promise<number> {
  return (await undefinedIfNotFound((await session.reader()).nextNumber(author, subject))) ?? 1;
}
