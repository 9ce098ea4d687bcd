import type { Certificate } from './certificate.js';
import type { CertificateReference, Equipment } from './equipment.js';

/** A certificate that another one depends on, and the equipment or condition that it belongs to. */
export interface ParentReference {
  /** Of the equipment, or of the condition that it measured. */
  readonly name: string | null;
  readonly device: Equipment | null;
  readonly certificate: CertificateReference;
}

/** The parents that a certificate names: of its equipment, and (since 3.3) of what measured its conditions. */
export function parentsOf(certificate: Pick<Certificate, 'equipment' | 'conditions'>): ParentReference[] {
  const ofEquipment = certificate.equipment.flatMap((device) =>
    device.certificate ? [{ name: device.name?.text ?? null, device, certificate: device.certificate }] : [],
  );
  const ofConditions = certificate.conditions.flatMap((condition) =>
    condition.certificate
      ? [{ name: condition.name?.text ?? null, device: null, certificate: condition.certificate }]
      : [],
  );
  return [...ofEquipment, ...ofConditions];
}

/** PTB's rule: for a parent on paper, the procedure is `analogue`. */
export function isAnalogue(certificate: CertificateReference): boolean {
  return /^analog(?:ue)?$/i.test(certificate.procedure ?? '');
}

const SHA256_OF_FILE = /^sha-?256$/i;
const SHA256_HEX = /^[0-9a-f]{64}$/i;

/** The SHA-256 of the parent's file, lower-case hex, if the reference states one. */
export function parentFileSha256(certificate: CertificateReference): string | null {
  const stated = SHA256_OF_FILE.test(certificate.procedure ?? '') && SHA256_HEX.test(certificate.value ?? '');
  return stated ? (certificate.value?.toLowerCase() ?? null) : null;
}
