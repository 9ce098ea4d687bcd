import { clientError } from '../errors.js';
import type { Signer } from '../signer.js';
import type { Item } from '../statements/item.js';
import { missingSignatories } from '../statements/signatories.js';
import { signStatement } from '../statements/sign.js';
import type { UnsignedReport } from './reportBuilder.js';

/**
 * Signs a report: the technician, and every parent device that took part in the calibration. The result can be
 * registered, together with the owner's acceptance if that is available.
 *
 * @example
 * const item = await signReport(report, [technician, standard]);
 * await tracecal.createReport(item);
 *
 * @throws TraceCalError `INPUT_INVALID`, `SIGNER_MISSING`, `SIGNER_INVALID` or `CERTIFICATE_INVALID`
 */
export async function signReport({ statement, results }: UnsignedReport, signers: readonly Signer[]): Promise<Item> {
  const jws = await signStatement(statement, signers);
  const { names } = missingSignatories(jws);
  if (names.length > 0) {
    throw clientError('SIGNER_MISSING', `Report ${statement.subject.id} needs ${names.join(', ')}.`);
  }
  return { statement: jws, results };
}
