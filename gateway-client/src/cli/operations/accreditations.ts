import type { AccreditationGrant, Subject } from '@tracecal/chaincode/model';
import { newStatement, readStatement } from '../../client/index.js';
import { isKind } from '@tracecal/chaincode/model';
import type { Item } from '../../client/index.js';
import { CliError } from '../errors.js';
import type { Session } from '../session.js';
import { undefinedIfNotFound } from '../../client/index.js';
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

/**
 * Ends the lines for a quantity that an organisation has granted another and that last beyond a day; by somebody else, if the
 * author is the institute above.
 *
 * @throws CliError `INPUT_INVALID` if there are none
 */
export async function reductionItems(
  session: Session,
  organisation: string,
  author: string,
  {
    quantity,
    until,
    grantor = author,
  }: { readonly quantity: string; readonly until: string; readonly grantor?: string },
): Promise<Reduced> {
  const reader = await session.reader();
  const { record } = await reader.getOrganisation(organisation);
  const subject: Subject<'organisation'> = { kind: 'organisation', id: organisation };
  const granted = record.accreditations
    .map(({ jws }) => readStatement(jws))
    .filter((statement) => isKind(statement, 'accreditation'))
    .filter((statement) => statement.author === grantor);
  const concerned = granted.flatMap(({ number, body }) => {
    const places = body.lines.flatMap((line, place) =>
      line.quantity === quantity && line.validTo > until ? [place] : [],
    );
    return places.length > 0 ? [{ accreditation: number, lines: places }] : [];
  });
  if (concerned.length === 0) {
    throw new CliError(
      'INPUT_INVALID',
      `${grantor} has granted ${organisation} no line of ${quantity} that lasts beyond ${until}.`,
    );
  }
  let number = await nextNumber(session, author, subject);
  const items: Item[] = [];
  for (const { accreditation, lines } of concerned) {
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
  return { items, lines: concerned.reduce((sum, { lines }) => sum + lines.length, 0) };
}

/** The first one, where the organisation is not registered yet. */
async function nextNumber(session: Session, author: string, subject: Subject): Promise<number> {
  return (await undefinedIfNotFound((await session.reader()).nextNumber(author, subject))) ?? 1;
}
