import { instantOf, registrantOf } from '@tracecal/core/model';
import type { Instant, RevocationReason, Subject, SubjectKind } from '@tracecal/core/model';
import { readable } from '@tracecal/core/open';
import { impedimentsOf } from '@tracecal/core/trace';
import type { Impediment } from '@tracecal/core/trace';
import { newStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { firstInstitute } from './organisations.js';
import { sign } from './sign.js';

export type StandingAction = 'revoke' | 'suspend' | 'reinstate';

export interface StandingRequest {
  readonly subject: Subject<Exclude<SubjectKind, 'registry'>>;
  readonly reason: RevocationReason;
  /** Null: now. */
  readonly effective: Instant | null;
}

/**
 * Signs that something is revoked, suspended or reinstated: in the name of the organisation that the user acts as. Without one: of the
 * organisation that issued it, of the one that suspended it, or, against an institute, of the other institutes.
 */
export async function standingItem(
  session: Session,
  action: StandingAction,
  { subject, reason, effective }: StandingRequest,
): Promise<Item> {
  const from = effective ?? instantOf(Date.now());
  if (action === 'reinstate') {
    const lifts = await suspender(session, subject);
    const author = session.actor ?? lifts;
    const statement = newStatement('reinstatement', {
      ...(await numbered(session, author, subject)),
      body: { lifts, effective: from },
    });
    return { statement: await sign(session, statement) };
  }
  const author = session.actor ?? (await issuerOf(session, subject));
  const statement = newStatement(action === 'revoke' ? 'revocation' : 'suspension', {
    ...(await numbered(session, author, subject)),
    body: { reason, effective: from },
  });
  return { statement: await sign(session, statement) };
}

async function numbered<K extends SubjectKind>(session: Session, author: string, subject: Subject<K>) {
  const number = await (await session.reader()).nextNumber(author, subject);
  return { registry: await session.registry(), author, subject, number };
}

async function issuerOf(session: Session, { kind, id }: StandingRequest['subject']): Promise<string> {
  if (kind !== 'organisation') {
    return registrantOf(id);
  }
  const institutes = (await session.institutes()).map((institute) => institute.id);
  if (institutes.includes(id)) {
    const others = institutes.filter((other) => other !== id);
    return (
      others.find((other) => session.keys.has('organisation', other)) ?? others[0] ?? (await firstInstitute(session))
    );
  }
  return (await (await session.reader()).getOrganisation(id)).certifier ?? id;
}

/**
 * The organisation that suspended it.
 * @throws ApplicationError `INPUT_INVALID` if none did
 */
async function suspender(session: Session, subject: StandingRequest['subject']): Promise<string> {
  const open = (await impedimentsAgainst(session, subject)).filter(
    ({ state, until }) => state === 'suspended' && until === null,
  );
  const found = open.find(({ by }) => by === session.actor) ?? open.at(-1);
  if (!found) {
    throw new ApplicationError('INPUT_INVALID', `${subject.kind} ${subject.id} is not suspended.`);
  }
  return found.by;
}

async function impedimentsAgainst(session: Session, { kind, id }: Subject): Promise<readonly Impediment[]> {
  const reader = await session.reader();
  switch (kind) {
    case 'registry':
      return [];
    case 'organisation':
      return (await reader.getOrganisation(id)).impediments;
    case 'person':
      return (await reader.getTechnician(id)).impediments;
    case 'device':
      return (await reader.getDevice(id)).impediments;
    case 'report': {
      const { record } = await reader.getReport(id);
      const registry = await session.registry();
      return impedimentsOf(readable(record.impediments, registry, 'revocation', 'suspension', 'reinstatement'));
    }
  }
}
