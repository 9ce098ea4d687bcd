import { base64Bytes, p256Key, sha256 } from '#platform';
import { RegistryError } from '../model/errors.js';
import { Memo } from '../model/memo.js';
import type { CalendarDate } from '../model/time.js';
import type { P256Key } from '../platform/p256Key.js';
import { profiles, readCertificateContent } from './certificateProfile.js';
import type { CertificateContent, CertificateRole } from './certificateProfile.js';
import { isLowSDer, rawSignature, verifyP256 } from './ecdsa.js';
import { X509Error } from './x509.js';

/** A certificate of the calibration chain (X.509, ECDSA P-256) that keeps to the profile of its role. */
export interface CalibrationCertificate extends CertificateContent {
  readonly role: CertificateRole;
  readonly sha256: string;
  readonly publicKey: P256Key;
  /** SHA-256 of the SubjectPublicKeyInfo: certificates with the same key have the same. */
  readonly keySha256: string;
}

/** One a role: the certificate's text is the key as it stands, which the engine hashes only once. */
const parsedCertificates: Readonly<Record<CertificateRole, Memo<CalibrationCertificate | RegistryError>>> = {
  organisation: new Memo(1024),
  technician: new Memo(4096),
  officer: new Memo(4096),
  device: new Memo(16_384),
};
/** By certificate and issuer, for as long as both are remembered above. */
const issuances = new WeakMap<CalibrationCertificate, WeakMap<CalibrationCertificate, boolean>>();

/**
 * Reads a certificate (DER in base64) that is to play a role in the calibration chain.
 * @throws RegistryError `CERTIFICATE_INVALID` if it is malformed, not ECDSA P-256, or breaks the profile of the role.
 */
export function readCertificate(base64: string, role: CertificateRole): CalibrationCertificate {
  const answer = parsedCertificates[role].get(base64, () => parse(base64, role));
  if (answer instanceof RegistryError) {
    throw answer;
  }
  return answer;
}

/**
 * Whether `issuer`'s key signed `certificate` under the issuer's name, with a low-S signature, and the issuer's role is one that
 * certifies the certificate's.
 */
export function isIssuedBy(certificate: CalibrationCertificate, issuer: CalibrationCertificate): boolean {
  const known = issuances.get(certificate) ?? new WeakMap<CalibrationCertificate, boolean>();
  const answer = known.get(issuer) ?? certifies(issuer, certificate);
  issuances.set(certificate, known.set(issuer, answer));
  return answer;
}

function certifies(issuer: CalibrationCertificate, certificate: CalibrationCertificate): boolean {
  return (
    profiles[certificate.role].certifier === issuer.role &&
    certificate.issuerName === issuer.subjectName &&
    isLowSDer(certificate.signature) &&
    verifyP256(issuer.publicKey, certificate.toBeSigned, rawSignature(certificate.signature))
  );
}

/** Whether the certificate names this holder: an id, and the organisation that it belongs to. */
export function isOf(certificate: CalibrationCertificate, organisation: string, id: string): boolean {
  return certificate.organisation === organisation && certificate.id === id;
}

/** Whether the certificate is valid on that day. Days, because that is what reports state. */
export function isValidOn(certificate: CalibrationCertificate, day: CalendarDate): boolean {
  return certificate.notBefore <= day && day <= certificate.notAfter;
}

function parse(base64: string, role: CertificateRole): CalibrationCertificate | RegistryError {
  const der = base64Bytes(base64);
  if (!der) {
    return new RegistryError('CERTIFICATE_INVALID', UNREADABLE);
  }
  try {
    const content = readCertificateContent(der, role);
    return {
      ...content,
      role,
      sha256: sha256(der),
      publicKey: p256Key(content.publicKeyInfo),
      keySha256: sha256(content.publicKeyInfo),
    };
  } catch (error) {
    const problem = error instanceof X509Error ? `the ${role} certificate ${error.message}.` : UNREADABLE;
    return new RegistryError('CERTIFICATE_INVALID', problem);
  }
}

const UNREADABLE = 'the certificate cannot be read as X.509 DER with a point of P-256.';
