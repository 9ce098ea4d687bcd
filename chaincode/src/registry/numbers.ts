import { isKind, MAX_OF_AN_AUTHOR, RegistryError } from '../model/index.js';
import type { Entry } from '../model/index.js';
import { nextNumber } from '../trace/open/order.js';
import { readStatement } from '../trace/open/statement.js';
import type { Said } from '../trace/open/statement.js';

/** A number may leave out what was never registered, but not use up those to come. */
const MAX_STEP = 1000;

/**
 * Requires that a statement's number follows the author's last one about the subject: what was signed before something else
 * cannot be registered after it, and nothing twice.
 *
 * @param entries All that the subject's records hold.
 */
export function requireNext({ statement }: Said, entries: readonly Entry[]): void {
  const { author, subject, number } = statement;
  const next = nextNumber(entries, author, subject);
  const label = `${author} about ${subject.kind} ${subject.id}`;
  if (number < next) {
    throw new RegistryError(
      'ALREADY_EXISTS',
      `statement ${number} of ${author} is not a new one about ${subject.kind} ${subject.id}: sign it with number ${next}.`,
    );
  }
  if (number >= next + MAX_STEP) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the next statement of ${label} has a number from ${next} to ${next + MAX_STEP - 1}, not ${number}.`,
    );
  }
}

/** What brings its subject into being has number 0. */
export function requireFirst({ statement }: Said): void {
  if (statement.number !== 0) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the statement that registers ${statement.subject.id} must have number 0, not ${statement.number}.`,
    );
  }
}

/**
 * Requires room for a statement of this author in a record. Each author has its own, so that nobody can use up that of
 * somebody else, and keeps the last place for taking something back.
 */
export function requireRoom({ statement }: Said, entries: readonly Entry[]): void {
  const { author, subject } = statement;
  const isLast = isKind(statement, 'revocation') || isKind(statement, 'rejection');
  const taken = roomTaken(entries, author);
  if (taken >= MAX_OF_AN_AUTHOR - (isLast ? 0 : 1)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the record of ${subject.kind} ${subject.id} holds ${taken} statements of ${author}: no more are kept, but for one revocation or rejection.`,
    );
  }
}

export function roomTaken(entries: readonly Entry[], author: string): number {
  return entries.map(({ jws }) => readStatement(jws)).filter((said) => said.author === author).length;
}
