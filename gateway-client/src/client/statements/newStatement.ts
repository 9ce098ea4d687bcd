import { instantOf, STATEMENT_TYPES, statementOf } from '@tracecal/core/model';
import type { Instant, StatementKind, StatementOf } from '@tracecal/core/model';
import { inputOf } from '../input.js';

/** The author's input for a statement. */
export interface StatementDraft<Kind extends StatementKind> {
  /** The registry it is for, see `TraceCal.registry`; for a founding, its channel. */
  readonly registry: string;
  /** The organisation that makes the statement. */
  readonly author: string;
  readonly subject: StatementOf<Kind>['subject'];
  readonly body: StatementOf<Kind>['body'];
  /**
   * Its number among this author's statements about this subject, see `TraceCal.nextNumber`; 0 by default, which is the
   * number of a statement that creates its subject. For a seal or a heartbeat, the number of the epoch.
   */
  readonly number?: number;
  /** When it is signed; now if it is not given. */
  readonly date?: Instant;
}

/**
 * Creates a statement of one kind; `signStatement` signs it.
 *
 * @param kind - Short name of its type: `acceptance`, `revocation`, `consent`, ...
 * @example
 * const statement = newStatement('interval', {
 *   registry: await tracecal.registry(),
 *   author: 'oem-a',
 *   subject: { kind: 'device', id: 'lab-alpha/sensor-17' },
 *   number: await tracecal.nextNumber('oem-a', { kind: 'device', id: 'lab-alpha/sensor-17' }),
 *   body: { intervalDays: 365 },
 * });
 *
 * @throws TraceCalError `INPUT_INVALID`, naming the first wrong or missing member
 */
export function newStatement<Kind extends StatementKind>(kind: Kind, draft: StatementDraft<Kind>): StatementOf<Kind> {
  const { registry, author, subject, body, number = 0, date = instantOf(Date.now()) } = draft;
  const statement = { type: STATEMENT_TYPES[kind], registry, author, date, number, subject, body };
  return inputOf(() => statementOf(statement)) as unknown as StatementOf<Kind>;
}
