import { parseAs, SHA256_HEX, SUBMISSION_LIMITS, submissionSchema } from '@tracecal/core/model';
import type { Item, Jws } from '@tracecal/core/model';
import type { GoldenTransaction } from './fixtures.js';

/** What a transaction was given; nothing of an anchor, which is a digest alone. */
export function itemsIn({ argument }: Pick<GoldenTransaction, 'argument'>): readonly Item[] {
  return SHA256_HEX.test(argument) ? [] : parseAs(submissionSchema, 'submission', argument, SUBMISSION_LIMITS).items;
}

/** Every statement in it: those of the items, and those beside them. */
export function statementsIn(transaction: Pick<GoldenTransaction, 'argument'>): readonly Jws[] {
  return itemsIn(transaction).flatMap(({ statement, acceptance, memberships = [] }) => [
    statement,
    ...(acceptance ? [acceptance] : []),
    ...memberships,
  ]);
}
