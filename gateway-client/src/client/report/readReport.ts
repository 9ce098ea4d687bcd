import { isKind } from '@tracecal/core/model';
import type { Jws, StatementOf } from '@tracecal/core/model';
import { TraceCalError } from '../errors.js';
import { readStatement, statementDigest } from '../statements/readStatement.js';

/** A reference to a report: from a child to its parent, or from an amendment to the amended report. */
export interface ReportReference {
  readonly device: string;
  readonly report: string;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
}

/**
 * The content of a signed report, without its results.
 * @throws TraceCalError `INPUT_INVALID` if it is not a report; `SIGNATURE_INVALID` or `JSON_INVALID`
 */
export function readReport(jws: Jws): StatementOf<'report'> {
  const statement = readStatement(jws);
  if (!isKind(statement, 'report')) {
    throw new TraceCalError('INPUT_INVALID', `It is a ${statement.type} and no report.`);
  }
  return statement;
}

/** A child's reference to a signed report. @throws TraceCalError as {@link readReport} */
export function referenceTo(jws: Jws): ReportReference {
  const { subject, body } = readReport(jws);
  return { device: body.device, report: subject.id, digest: statementDigest(jws) };
}
