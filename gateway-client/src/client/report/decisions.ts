import type { Instant, Jws, StatementOf } from '@tracecal/core/model';
import { acceptanceOf as whatIsAccepted } from '@tracecal/core/open';
import { newStatement } from '../statements/newStatement.js';
import { readReport, referenceTo } from './readReport.js';

/** An owner's decision about a report of a device. */
export interface Decision {
  /** The owner. */
  readonly author: string;
  /** See `TraceCal.nextNumber`; the subject is the device. */
  readonly number: number;
  /** When it is signed; now if it is not given. */
  readonly date?: Instant;
}

/**
 * The owner's statement that a report counts; one of the owner's officers signs it. A trace uses only accepted reports.
 *
 * @example
 * const { record } = await tracecal.getReport('lab-alpha/ALPHA-T-2026-0412');
 * const number = await tracecal.nextNumber('oem-a', { kind: 'device', id: 'lab-alpha/sensor-17' });
 * const statement = await signStatement(acceptanceOf(record.statement.jws, { author: 'oem-a', number }), [officer]);
 * await tracecal.acceptReport({ statement });
 *
 * @param report - The report as it was signed.
 * @throws TraceCalError `INPUT_INVALID`, `SIGNATURE_INVALID` or `JSON_INVALID`
 */
export function acceptanceOf(report: Jws, decision: Decision): StatementOf<'acceptance'> {
  const statement = readReport(report);
  const { device, digest } = referenceTo(report);
  return newStatement('acceptance', {
    ...decision,
    registry: statement.registry,
    subject: { kind: 'device', id: device },
    body: whatIsAccepted({ statement, digest }),
  });
}

/**
 * The owner's statement that a report does not count, even if it was accepted before.
 *
 * @param report - The report as it was signed.
 * @throws TraceCalError `INPUT_INVALID`, `SIGNATURE_INVALID` or `JSON_INVALID`
 */
export function rejectionOf(report: Jws, decision: Decision): StatementOf<'rejection'> {
  const { registry } = readReport(report);
  const { device, report: id, digest } = referenceTo(report);
  return newStatement('rejection', {
    ...decision,
    registry,
    subject: { kind: 'device', id: device },
    body: { report: id, digest },
  });
}
