import * as z from '../shape/index.js';
import { dateOf, jwsSchema, parseJson, RegistryError, shapeOf, shapes } from '../model/index.js';
import type { Instant, Jws } from '../model/index.js';
import {
  isIssuedBy,
  isOf,
  isSignedBy,
  isValidOn,
  readCertificate,
  signedContent,
  signerName,
} from '../signing/index.js';
import type { CalibrationCertificate } from '../signing/index.js';
import { directiveOf } from './directive.js';
import type { Directive } from './directive.js';

/** The operator whose directives count, as a gateway has pinned it. */
export interface OperatorPin {
  readonly registry: string;
  /** The organisation's id. */
  readonly operator: string;
  /** Its certificates (DER in base64): the one in use, and earlier ones whose officers have signed what still holds. */
  readonly certificates: readonly string[];
  /** Officers' certificates that are revoked. */
  readonly revoked?: readonly RevokedCertificate[];
}

export interface RevokedCertificate {
  /** SHA-256 of the certificate, hex. */
  readonly sha256: string;
  /** What was signed from then on does not count; absent: nothing does. */
  readonly from?: Instant;
}

/** A directive as it travels: what the officer signed, and the officer's certificate (DER in base64). */
export interface DirectiveEnvelope {
  readonly directive: Jws;
  readonly certificate: string;
}

/** A directive whose signature, shape and signer have been checked. */
export interface SignedDirective {
  readonly content: Directive;
  /** SHA-256 of the signed bytes, hex. */
  readonly digest: string;
  /** The officer who signed it. */
  readonly officer: string;
  /** Whether the officer's certificate is revoked: then it still takes devices out of use, and nothing more. */
  readonly isRevoked: boolean;
  readonly envelope: DirectiveEnvelope;
}

/** Characters of a directive's file. */
export const MAX_DIRECTIVE_CHARACTERS = 65_536;
const FILE_LIMITS = { maxLength: MAX_DIRECTIVE_CHARACTERS, maxDepth: 5, maxValues: 32 };
const CONTENT_LIMITS = { maxLength: 24_576, maxDepth: 4, maxValues: 512 };

const envelopeSchema = z.strictObject({ directive: jwsSchema, certificate: shapes.certificate });

/**
 * Reads a directive that an officer of the pinned operator has signed.
 *
 * @param signed The envelope, or its JSON.
 * @throws RegistryError `JSON_INVALID`, `JSON_TOO_LARGE`, `INPUT_INVALID`, `CERTIFICATE_INVALID`, `SIGNATURE_INVALID`, `NOT_AUTHORISED`,
 * `WRONG_REGISTRY`
 */
export function readDirective(signed: unknown, pin: OperatorPin): SignedDirective {
  const claimed = unverifiedDirective(signed);
  const { content, envelope } = claimed;
  if (content.registry !== pin.registry) {
    throw new RegistryError('WRONG_REGISTRY', `the directive names registry ${content.registry}, not ${pin.registry}.`);
  }
  if (content.operator !== pin.operator) {
    throw new RegistryError('NOT_AUTHORISED', `the directive is by ${content.operator}, not by ${pin.operator}.`);
  }
  const officer = requireOfficer(envelope.certificate, pin, content.date);
  const isSigned = isSignedBy(
    envelope.directive,
    signerName('officer', officer.id),
    officer.publicKey,
    officer.keySha256,
  );
  if (envelope.directive.signatures.length !== 1 || !isSigned) {
    throw new RegistryError(
      'SIGNATURE_INVALID',
      `the directive is not signed by ${officer.id}, whose certificate it brings.`,
    );
  }
  return { ...claimed, officer: officer.id, isRevoked: isRevoked(officer, pin, content.date) };
}

/** A directive without checking who signed it. @throws RegistryError as {@link readDirective}, of its shape only */
export function unverifiedDirective(signed: unknown): Pick<SignedDirective, 'content' | 'digest' | 'envelope'> {
  const value = typeof signed === 'string' ? parseJson(signed, FILE_LIMITS) : signed;
  const envelope = shapeOf<DirectiveEnvelope>(envelopeSchema, 'signed directive', value);
  return { ...signedContent(envelope.directive, 'directive', CONTENT_LIMITS, directiveOf), envelope };
}

/** The officer, whose certificate leads to one of the operator's own that is pinned; both held on that day. */
function requireOfficer(certificate: string, pin: OperatorPin, date: Instant): CalibrationCertificate {
  const officer = readCertificate(certificate, 'officer');
  const { operator } = pin;
  if (officer.organisation !== operator) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${officer.id} is an officer of ${officer.organisation}, not of ${operator}.`,
    );
  }
  const day = dateOf(date);
  const isCertified = pin.certificates
    .map((own) => readCertificate(own, 'organisation'))
    .some((own) => isOf(own, operator, operator) && isValidOn(own, day) && isIssuedBy(officer, own));
  if (!isCertified) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `the certificate of ${officer.id} does not lead to a pinned certificate of ${operator} that was valid on ${day}.`,
    );
  }
  if (!isValidOn(officer, day)) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `the certificate of ${officer.id} is valid from ${officer.notBefore} to ${officer.notAfter}, not on ${day}.`,
    );
  }
  return officer;
}

function isRevoked({ sha256 }: CalibrationCertificate, { revoked = [] }: OperatorPin, date: Instant): boolean {
  return revoked.some((each) => each.sha256 === sha256 && (each.from === undefined || each.from <= date));
}
