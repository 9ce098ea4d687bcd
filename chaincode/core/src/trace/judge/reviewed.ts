import { dateOf } from '../../model/index.js';
import type { Said } from '../open/statement.js';

/** A laboratory's review, as the end of a sentence about its cause. */
export function reviewed({ statement, registered }: Said<'review'>): string {
  const { author, number, body } = statement;
  const why = body.reason === undefined ? 'without a reason' : `for this reason: "${body.reason}"`;
  return `${author} has reviewed it (statement ${number}, registered on ${dateOf(registered.date)}) and says that it stands, ${why}.`;
}
