import { createHash, X509Certificate } from 'node:crypto';
import { ApplicationError } from '../errors.js';
import { readBytes } from '../files/inputFile.js';

/** Also in the form that OpenSSL prints: upper case, with colons. */
const FINGERPRINT = /^(?:[0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31})$/i;

/**
 * The SHA-256 of a certificate's DER form, given directly or as a PEM or DER file of the certificate.
 * @throws ApplicationError `FILE_UNREADABLE`, or `INPUT_INVALID` if the file does not hold exactly one certificate
 */
export async function fingerprintOf(given: string): Promise<string> {
  if (FINGERPRINT.test(given)) {
    return given.replaceAll(':', '').toLowerCase();
  }
  const { raw } = await onlyCertificateIn(given);
  return createHash('sha256').update(raw).digest('hex');
}

/**
 * The certificate in a file, PEM or DER.
 * @throws ApplicationError `FILE_UNREADABLE`, or `INPUT_INVALID` if the file does not hold exactly one
 */
export async function onlyCertificateIn(path: string): Promise<X509Certificate> {
  const bytes = await readBytes(path);
  // Node silently reads only the first of several certificates, so it would be unclear which one is trusted.
  const count = bytes.toString('latin1').split('-----BEGIN ').length - 1;
  if (count > 1) {
    throw new ApplicationError('INPUT_INVALID', `${path} holds ${count} PEM blocks: give a file with one certificate.`);
  }
  try {
    return new X509Certificate(bytes);
  } catch (cause) {
    const why = `${path} is no certificate in PEM or DER form.`;
    throw new ApplicationError('INPUT_INVALID', why, { cause });
  }
}
