import * as z from '../shape/index.js';
import { dateOf, jwsSchema, parseJson, RegistryError, shapeOf, shapes } from '../model/index.js';
import type { Instant, Jws } from '../model/index.js';
import { isSignedBy, isValidOn, readCertificate, signedContent, signerName } from '../signing/index.js';
import type { CalibrationCertificate } from '../signing/index.js';

export const ANSWER_TYPE = 'tracecal-answer/1';

export const ANSWER_OUTCOMES = ['carried-out', 'refused'] as const;
export type AnswerOutcome = (typeof ANSWER_OUTCOMES)[number];

/** What became of a directive, as the device or its gateway signs it: canonical JSON, in the same envelope as statements. */
export interface Answer {
  readonly type: typeof ANSWER_TYPE;
  readonly registry: string;
  /** SHA-256 of the directive's signed bytes, hex. */
  readonly directive: string;
  /** The device that the directive is about. */
  readonly device: string;
  /** Who answers: the device itself, or its gateway, which is a registered device of the operator. */
  readonly by: string;
  readonly outcome: AnswerOutcome;
  /** When it was carried out or refused. */
  readonly date: Instant;
  /** What was done, or why it was not. */
  readonly what: string;
}

/** An answer whose signature and shape have been checked. */
export interface SignedAnswer {
  readonly content: Answer;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
  readonly jws: Jws;
}

const LIMITS = { maxLength: 8192, maxDepth: 2, maxValues: 16 };
const FILE_LIMITS = { maxLength: 16_384, maxDepth: 4, maxValues: 16 };

const schema = z.strictObject({
  type: z.literal(ANSWER_TYPE),
  registry: shapes.registry,
  directive: shapes.sha256,
  device: shapes.ownedId,
  by: shapes.ownedId,
  outcome: z.enum(ANSWER_OUTCOMES),
  date: shapes.instant,
  what: shapes.text,
});

/**
 * Reads an answer.
 *
 * @param certificates Of who answers (DER in base64): one of them has to hold the key that signed, on the day of the answer.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`, `CERTIFICATE_INVALID`, `SIGNATURE_INVALID`
 */
export function readAnswer(signed: unknown, certificates: readonly string[]): SignedAnswer {
  const answer = unverifiedAnswer(signed);
  const { by, date } = answer.content;
  const signer = signerName('device', by);
  const isSigned = certificates
    .map((certificate) => readCertificate(certificate, 'device'))
    .some((own) => isOwnKey(own, by, date) && isSignedBy(answer.jws, signer, own.publicKey, own.keySha256));
  if (answer.jws.signatures.length !== 1 || !isSigned) {
    throw new RegistryError(
      'SIGNATURE_INVALID',
      `the answer is not signed by a key that was the own of ${by} on ${dateOf(date)}.`,
    );
  }
  return answer;
}

/** An answer without checking who signed it. @throws RegistryError as {@link readAnswer}, of its shape only */
export function unverifiedAnswer(signed: unknown): SignedAnswer {
  const value = typeof signed === 'string' ? parseJson(signed, FILE_LIMITS) : signed;
  const jws = shapeOf<Jws>(jwsSchema, 'signed answer', value);
  const read = (content: unknown) => shapeOf<Answer>(schema, 'answer', content);
  return { ...signedContent(jws, 'answer', LIMITS, read), jws };
}

/**
 * The answer for a device that counts, among those on the channel in their order: the device's own last one, or else the last one of a gateway.
 * The channel takes an answer only from the newest key, once with each: whoever has got hold of a key loses the last word when the
 * key is replaced.
 */
export function answerThatCounts<Own extends Pick<Answer, 'by' | 'device'>>(answers: readonly Own[]): Own | undefined {
  return answers.findLast(({ by, device }) => by === device) ?? answers.at(-1);
}

function isOwnKey(certificate: CalibrationCertificate, id: string, date: Instant): boolean {
  return certificate.id === id && isValidOn(certificate, dateOf(date));
}
