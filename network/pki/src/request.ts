import { verify, type KeyObject } from 'node:crypto';
import { decodeRequest, encodeRequest, type DecodedRequest } from './asn1.js';
import { subjectName, type CalibrationSubject } from './calibration.js';
import { PkiError } from './errors.js';
import { publicPoint, readPublicKey } from './keys.js';
import { toLowS, type SignBytes } from './signature.js';

/** An applicant for a certificate and the applicant's key: a certification request whose signature has been verified. */
export interface RequestedSubject {
  readonly id: string;
  readonly organisation: string;
  readonly publicKey: KeyObject;
}

/**
 * A certification request (PKCS#10, PEM) for a key of the calibration chain. The certifier never sees the private half;
 * `sign` uses it.
 */
export async function createRequest(
  { publicKey, ...subject }: Omit<CalibrationSubject, 'validity'>,
  sign: SignBytes,
): Promise<string> {
  const unsigned = encodeRequest(subjectName(subject), publicPoint(readPublicKey(publicKey)));
  return unsigned.finish(toLowS(await sign(unsigned.toBeSigned)));
}

/**
 * Reads a certification request. Its own signature proves that the applicant has the private key.
 *
 * @throws PkiError `REQUEST_INVALID` if it is malformed, contains a name other than an organisation (O) and an id (CN), or
 * is not signed with its own key and ecdsa-with-SHA256; `KEY_UNSUPPORTED`
 */
export function readRequest(pem: string): RequestedSubject {
  const { subject, toBeSigned, isEcdsaWithSha256, signature, ...request } = decode(pem);
  const publicKey = readPublicKey(request.publicKey);
  if (!isEcdsaWithSha256 || !verify('sha256', toBeSigned, publicKey, signature)) {
    throw invalid('it is not signed with its own key and ecdsa-with-SHA256: its author may not have the private key.');
  }
  const [[first, organisation] = [], [second, id] = [], ...surplus] = subject;
  if (first !== 'O' || second !== 'CN' || organisation === undefined || id === undefined || surplus.length > 0) {
    throw invalid('its subject must be of two names: the organisation (O), then the id of the key (CN).');
  }
  return { id, organisation, publicKey };
}

function decode(pem: string): DecodedRequest {
  try {
    return decodeRequest(pem);
  } catch (cause) {
    // The library also throws strings.
    throw invalid('it cannot be read as PKCS#10 in PEM form.', cause);
  }
}

function invalid(why: string, cause?: unknown): PkiError {
  return new PkiError('REQUEST_INVALID', `The certification request is not accepted: ${why}`, { cause });
}
