import { registrantOf } from '@tracecal/core/model';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';

type Acting = Pick<Session, 'actor'>;

/**
 * Never sign as an owner that the user did not name.
 * @throws ApplicationError `NOT_THEIRS`
 */
export function requireOwner({ actor }: Acting, device: string, owner: string): void {
  if (actor !== undefined && actor !== owner) {
    throw new ApplicationError('NOT_THEIRS', `${actor} does not own device ${device}: ${owner} does.`);
  }
}

/** A person signs for their organisation. @throws ApplicationError `NOT_THEIRS` */
export function requireEmployer({ actor }: Acting, person: string): void {
  const employer = registrantOf(person);
  if (actor !== undefined && actor !== employer) {
    throw new ApplicationError('NOT_THEIRS', `${person} does not belong to ${actor}, but to ${employer}.`);
  }
}
