import { ANSWER_TYPE, DIRECTIVE_TYPE, readAnswer, readDirective } from '@tracecal/core/directives';
import type { Answer, Directive, SignedAnswer, SignedDirective } from '@tracecal/core/directives';
import { canonicalJson } from '@tracecal/core/model';
import { jwsPayload } from '@tracecal/core/signing';
import { signatureOf } from '../../client/signer.js';
import type { Signer } from '../../client/signer.js';

/**
 * Signs a directive as an officer of the operator.
 *
 * @param certificates The operator's certificates (DER in base64), as its gateways have pinned them: a directive that they would refuse
 * is not made.
 * @throws TraceCalError `SIGNER_INVALID`, `CERTIFICATE_INVALID`; RegistryError as `readDirective`
 */
export async function signDirective(
  directive: Omit<Directive, 'type'>,
  officer: Signer,
  certificates: readonly string[],
): Promise<SignedDirective> {
  const payload = jwsPayload({ ...directive, type: DIRECTIVE_TYPE });
  const signature = await signatureOf(officer, payload);
  const envelope = { directive: { payload, signatures: [signature] }, certificate: officer.certificate };
  const { registry, operator } = directive;
  return readDirective(envelope, { registry, operator, certificates });
}

/** The content of a directive's file. */
export function directiveText({ envelope }: SignedDirective): string {
  return `${canonicalJson(envelope)}\n`;
}

/**
 * Answers a directive, as the device that it is about or as its gateway.
 *
 * @throws TraceCalError `SIGNER_INVALID`, `CERTIFICATE_INVALID`; RegistryError as `readAnswer`
 */
export async function signAnswer(answer: Omit<Answer, 'type'>, signer: Signer): Promise<SignedAnswer> {
  const payload = jwsPayload({ ...answer, type: ANSWER_TYPE });
  return readAnswer({ payload, signatures: [await signatureOf(signer, payload)] }, [signer.certificate]);
}
