import { canonicalJson, parseJson, shapeOf, shapes } from '@tracecal/core/model';
import type { OperatorPin } from '@tracecal/core/directives';
import { readCertificate } from '@tracecal/core/signing';
import * as z from '@tracecal/core/shape';
import { MOST_BYTES_OF } from '../../files/index.js';

export const OPERATOR_TYPE = 'tracecal-operator/1';

const MOST_CERTIFICATES = 32;
const MOST_REVOKED = 1000;
const LIMITS = { maxLength: MOST_BYTES_OF.operatorPin, maxDepth: 4, maxValues: 8192 };

const schema = z.strictObject({
  type: z.literal(OPERATOR_TYPE),
  registry: shapes.registry,
  operator: shapes.organisationId,
  certificates: z.array(shapes.certificate).check(z.minLength(1), z.maxLength(MOST_CERTIFICATES)),
  revoked: z.exactOptional(
    z
      .array(z.strictObject({ sha256: shapes.sha256, from: z.exactOptional(shapes.instant) }))
      .check(z.maxLength(MOST_REVOKED)),
  ),
});

/**
 * The operator whose directives count on this machine, from its pin file. Whoever writes this file decides who may direct: get the
 * certificates from the operator.
 *
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`, `CERTIFICATE_INVALID`
 */
export function operatorPinOf(text: string): OperatorPin {
  const { registry, operator, certificates, revoked } = shapeOf<z.infer<typeof schema>>(
    schema,
    'pin of an operator',
    parseJson(text, LIMITS),
  );
  const pin = { registry, operator, certificates, ...(revoked && { revoked }) };
  for (const certificate of pin.certificates) {
    readCertificate(certificate, 'organisation');
  }
  return pin;
}

/** The content of a pin file. */
export function operatorPinText(pin: OperatorPin): string {
  return `${canonicalJson({ type: OPERATOR_TYPE, ...pin })}\n`;
}
