import type { DistinguishedName, Extension, KeyUsage, Validity } from './asn1.js';
import { issueCertificate, issueSelfSigned, type Issuer } from './issue.js';
import type { PublicKeyInput } from './keys.js';
import type { SignBytes } from './signature.js';

/**
 * The calibration chain: NMI root -> organisation -> technician -> device, and organisation -> officer. It defines who may
 * calibrate and who signs in an organisation's name; Fabric's MSPs define who may submit. The registry verifies exactly this
 * profile, so it contains nothing optional.
 */
export interface CalibrationSubject {
  /**
   * The registry's id of the organisation, technician, officer or device; it becomes the common name. Except for
   * organisations, it starts with the organisation that registers it: `lab-alpha/t-1`.
   */
  readonly id: string;
  /**
   * The registry's id of the holder's organisation, for a device the one that imprints it; for an organisation, its own id.
   */
  readonly organisation: string;
  readonly publicKey: PublicKeyInput;
  readonly validity: Validity;
}

/** The self-signed root of a National Metrology Institute (PEM); `sign` uses the private half of its public key. */
export function createCalibrationRoot(subject: CalibrationSubject, sign: SignBytes): Promise<string> {
  return issueSelfSigned(sign, { ...base(subject), extensions: certifier(['keyCertSign', 'cRLSign']) });
}

/** Certifies an organisation (PEM). The certifier is an NMI, or the organisation above it. */
export function certifyOrganisation(issuer: Issuer, subject: CalibrationSubject): Promise<string> {
  return issueCertificate(issuer, { ...base(subject), extensions: certifier(['keyCertSign', 'cRLSign']) });
}

/**
 * Certifies a technician (PEM). A technician signs reports and certifies devices when imprinting them, and certifies nothing
 * else.
 */
export function certifyTechnician(issuer: Issuer, subject: CalibrationSubject): Promise<string> {
  const extensions = certifier(['digitalSignature', 'keyCertSign', 'cRLSign'], 0);
  return issueCertificate(issuer, { ...base(subject), extensions });
}

/** Certifies an officer (PEM), who signs statements in the organisation's name and certifies nobody. */
export function certifyOfficer(issuer: Issuer, subject: CalibrationSubject): Promise<string> {
  return issueCertificate(issuer, { ...base(subject), extensions: signer(['digitalSignature', 'nonRepudiation']) });
}

/** Certifies a device (PEM); the technician does this when imprinting it. */
export function certifyDevice(issuer: Issuer, subject: CalibrationSubject): Promise<string> {
  return issueCertificate(issuer, { ...base(subject), extensions: signer(['digitalSignature']) });
}

/** The name of the holder of a calibration key, in certificates and in certification requests. */
export function subjectName({ id, organisation }: Pick<CalibrationSubject, 'id' | 'organisation'>): DistinguishedName {
  return [
    ['O', organisation],
    ['CN', id],
  ];
}

function base({ publicKey, validity, ...subject }: CalibrationSubject) {
  return { subject: subjectName(subject), publicKey, validity };
}

function certifier(usages: readonly KeyUsage[], pathLength?: number): readonly Extension[] {
  return [
    { kind: 'basicConstraints', ca: true, ...(pathLength === undefined ? {} : { pathLength }) },
    { kind: 'keyUsage', usages },
  ];
}

function signer(usages: readonly KeyUsage[]): readonly Extension[] {
  return [
    { kind: 'basicConstraints', ca: false },
    { kind: 'keyUsage', usages },
  ];
}
