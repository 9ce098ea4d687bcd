import { jwsSchema, shapeOf, statementOf } from '@tracecal/core/model';
import type { Jws, Statement } from '@tracecal/core/model';
import { claimedSigners, jwsPayload } from '@tracecal/core/signing';
import { clientError } from '../errors.js';
import { inputOf } from '../input.js';
import { nameOfSigner, signatureOf } from '../signer.js';
import type { Signer } from '../signer.js';
import { readStatement } from './readStatement.js';
import { hasPart } from './signatories.js';

/**
 * Signs a statement. The signers need not all be present: others add their signatures later with {@link addSignature}.
 *
 * @param signers - Each signs under the name in its certificate: `officer:oem-a/officer-1`.
 * @example
 * const jws = await signStatement(statement, [await fileSigner({ key: 'officer.key.pem', certificate: 'officer.cert.pem' })]);
 * await tracecal.setInterval({ statement: jws });
 *
 * @throws TraceCalError `INPUT_INVALID`, `SIGNER_INVALID` (also if a signer fails, with its error as `cause`) or
 * `CERTIFICATE_INVALID`
 */
export async function signStatement(statement: Statement, signers: readonly Signer[]): Promise<Jws> {
  const payload = jwsPayload(inputOf(() => statementOf(statement)));
  let jws: Jws = { payload, signatures: [] };
  for (const signer of signers) {
    jws = await addSignature(jws, signer);
  }
  return inputOf(() => shapeOf<Jws>(jwsSchema, 'statement', jws));
}

/**
 * Adds one signature to a statement that others may have signed before. The signer must check the content: see
 * `readStatement`.
 *
 * @example
 * const jws = await addSignature(JSON.parse(await readFile('transfer.json', 'utf8')), officer);
 *
 * @throws TraceCalError `SIGNER_INVALID` if the signer has no part in it or has signed it already, its key does not match its
 * certificate, or it fails; `CERTIFICATE_INVALID`; `SIGNATURE_INVALID`, `JSON_INVALID` or `INPUT_INVALID` if it is not a statement
 */
export async function addSignature(jws: Jws, signer: Signer): Promise<Jws> {
  const statement = readStatement(jws);
  const name = nameOfSigner(signer);
  if (claimedSigners(jws).includes(name)) {
    throw clientError('SIGNER_INVALID', `${name} has signed it already.`);
  }
  if (!hasPart(statement, name)) {
    throw clientError('SIGNER_INVALID', `${name} has no part in a ${statement.type} about ${statement.subject.id}.`);
  }
  return { payload: jws.payload, signatures: [...jws.signatures, await signatureOf(signer, jws.payload)] };
}
