import { isKind } from '@tracecal/core/model';
import type { Jws, StatementOf } from '@tracecal/core/model';
import { TraceCalError } from '../errors.js';
import { readStatement, statementDigest } from '../statements/readStatement.js';

/** A report that is named by another: by its parent's child, or by what amends it. */
export interface ReportReference {
  readonly device: string;
  readonly report: string;
  /** SHA-256 of what was signed, hex. */
  readonly digest: string;
}

/**
 * What a signed report says, without its results.
 * @throws TraceCalError `INPUT_INVALID` if it is no report; `SIGNATURE_INVALID` or `JSON_INVALID`
 */
export function readReport(jws: Jws): StatementOf<'report'> {
  const statement = readStatement(jws);
  if (!isKind(statement, 'report')) {
    throw new TraceCalError('INPUT_INVALID', `It is a ${statement.type} and no report.`);
  }
  return statement;
}

/** How a child names a signed report. @throws TraceCalError as {@link readReport} */
export function referenceTo(jws: Jws): ReportReference {
  const { subject, body } = readReport(jws);
  return { device: body.device, report: subject.id, digest: statementDigest(jws) };
}
