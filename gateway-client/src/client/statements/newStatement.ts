import { instantOf, STATEMENT_TYPES, statementOf } from '@tracecal/core/model';
import type { Instant, StatementKind, StatementOf } from '@tracecal/core/model';
import { inputOf } from '../input.js';

/** What its author decides of a statement. */
export interface StatementDraft<Kind extends StatementKind> {
  /** The registry it is for, see `TraceCal.registry`; of a founding its channel. */
  readonly registry: string;
  /** The organisation in whose name it is said. */
  readonly author: string;
  readonly subject: StatementOf<Kind>['subject'];
  readonly body: StatementOf<Kind>['body'];
  /**
   * Its place among what this author says about this subject, see `TraceCal.nextNumber`; 0, which is for what brings its
   * subject into being, if it is not given. Of a seal or a heartbeat the number of the epoch.
   */
  readonly number?: number;
  /** When it is signed; now if it is not given. */
  readonly date?: Instant;
}

/**
 * Puts a statement of one kind together, to be signed by `signStatement`.
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
 * @throws TraceCalError `INPUT_INVALID`, naming the first thing that is wrong or missing
 */
export function newStatement<Kind extends StatementKind>(kind: Kind, draft: StatementDraft<Kind>): StatementOf<Kind> {
  const { registry, author, subject, body, number = 0, date = instantOf(Date.now()) } = draft;
  const statement = { type: STATEMENT_TYPES[kind], registry, author, date, number, subject, body };
  return inputOf(() => statementOf(statement)) as unknown as StatementOf<Kind>;
}
