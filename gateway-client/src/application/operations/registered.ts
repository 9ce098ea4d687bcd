import type { SubjectKind } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';

/**
 * Checks that an id is free, before anything is made for it.
 *
 * @param answer - The registry's answer about the id.
 * @throws ApplicationError `ALREADY_EXISTS`
 */
export async function refuseRegistered(kind: SubjectKind, id: string, answer: Promise<unknown>): Promise<void> {
  if ((await undefinedIfNotFound(answer)) !== undefined) {
    throw new ApplicationError(
      'ALREADY_EXISTS',
      `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${id} is already registered: choose another id.`,
    );
  }
}

/**
 * Distinguishes an unregistered organisation from one whose key is elsewhere.
 *
 * @throws ApplicationError `NOT_REGISTERED`
 */
export async function requireOrganisation(session: Pick<Session, 'keys' | 'reader'>, id: string): Promise<void> {
  if (!session.keys.has('organisation', id) && !(await isThere(session, id))) {
    throw new ApplicationError('NOT_REGISTERED', `Register organisation ${id} first, with \`tracecal org add ${id}\`.`);
  }
}

async function isThere(session: Pick<Session, 'reader'>, id: string): Promise<boolean> {
  return (await undefinedIfNotFound((await session.reader()).getOrganisation(id))) !== undefined;
}
