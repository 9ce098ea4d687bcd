import type { DistinguishedName, Extension, KeyUsage, Validity } from './asn1.js';
import { issueCertificate, issueSelfSigned, type Issuer } from './issue.js';
import type { PublicKeyInput } from './keys.js';
import type { SignBytes } from './signature.js';

/**
 * The calibration chain: NMI root -> organisation -> technician -> device. It says who may calibrate, beside Fabric's MSPs,
 * which say who may submit. The registry verifies exactly this profile, so nothing optional is added to it.
 */
export interface CalibrationSubject {
  /** The registry's id of the organisation, technician or device; becomes the common name. */
  readonly id: string;
  /** The registry's id of the organisation that it belongs to; for an organisation, its own. */
  readonly organisation: string;
  readonly publicKey: PublicKeyInput;
  readonly validity: Validity;
}

/** The self-signed root of a National Metrology Institute (PEM); `sign` uses the private half of its public key. */
export function createCalibrationRoot(subject: CalibrationSubject, sign: SignBytes): Promise<string> {
  return issueSelfSigned(sign, { ...base(subject), extensions: certifier(['keyCertSign', 'cRLSign']) });
}

/** Certifies an organisation (PEM): by an NMI, or by the organisation above it. */
export function certifyOrganisation(issuer: Issuer, subject: CalibrationSubject): Promise<string> {
  return issueCertificate(issuer, { ...base(subject), extensions: certifier(['keyCertSign', 'cRLSign']) });
}

/** Certifies a technician (PEM), who signs reports and certifies devices when they are imprinted, and nothing further down. */
export function certifyTechnician(issuer: Issuer, subject: CalibrationSubject): Promise<string> {
  const extensions = certifier(['digitalSignature', 'keyCertSign', 'cRLSign'], 0);
  return issueCertificate(issuer, { ...base(subject), extensions });
}

/** Certifies a device (PEM), by a technician, at imprinting. */
export function certifyDevice(issuer: Issuer, subject: CalibrationSubject): Promise<string> {
  const extensions: Extension[] = [
    { kind: 'basicConstraints', ca: false },
    { kind: 'keyUsage', usages: ['digitalSignature'] },
  ];
  return issueCertificate(issuer, { ...base(subject), extensions });
}

function base({ id, organisation, publicKey, validity }: CalibrationSubject) {
  const subject: DistinguishedName = [
    ['O', organisation],
    ['CN', id],
  ];
  return { subject, publicKey, validity };
}

function certifier(usages: readonly KeyUsage[], pathLength?: number): readonly Extension[] {
  return [
    { kind: 'basicConstraints', ca: true, ...(pathLength === undefined ? {} : { pathLength }) },
    { kind: 'keyUsage', usages },
  ];
}
