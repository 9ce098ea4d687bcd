import { X509Certificate } from 'node:crypto';
import { base64Bytes, base64Text, p256Key, sha256 } from '@tracecal/core/platform';
import { isLowSDer } from '@tracecal/core/signing';
import { readX509 } from '@tracecal/core/signing/x509';

/** A certificate of a member's file: Node's view of it, and the bytes that its issuer signed with what was signed. */
export interface FileCertificate {
  readonly x509: X509Certificate;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKeyInfo: Uint8Array;
  /** SHA-256 of that: certificates with one key have one. */
  readonly key: string;
}

/** Why a certificate is refused: the end of a sentence that begins with it. */
export class CertificateFault extends Error {
  override readonly name = 'CertificateFault';
}

/** Reads a certificate (DER in base64) with a key of P-256. @throws CertificateFault */
export function fileCertificate(base64: string): FileCertificate {
  try {
    const der = base64Bytes(base64) ?? new Uint8Array();
    const { publicKeyInfo, signature } = readX509(der);
    const x509 = new X509Certificate(der);
    // Refuses other forms of the same point, which libraries read differently.
    p256Key(publicKeyInfo);
    // Whoever has a certificate can make the other form of its signature, and Fabric takes only this one.
    if (!isLowSDer(signature)) throw new CertificateFault('has a signature whose S is not the lower one');
    return { x509, publicKeyInfo, key: sha256(publicKeyInfo) };
  } catch (cause) {
    if (cause instanceof CertificateFault) throw cause;
    throw new CertificateFault('is not an X.509 certificate with a key of P-256');
  }
}

/** Requires that it is valid now, and states this common name and no other. @throws CertificateFault */
export function requireNamed({ x509 }: FileCertificate, commonName: string, now: Date): void {
  const names = x509.subject.split('\n').filter((line) => line.startsWith('CN='));
  if (names.length !== 1 || names[0] !== `CN=${commonName}`) {
    throw new CertificateFault(`does not name ${commonName}`);
  }
  if (now < new Date(x509.validFrom) || now > new Date(x509.validTo)) {
    throw new CertificateFault(`is valid from ${x509.validFrom} to ${x509.validTo} only`);
  }
}

/** Requires a self-signed CA. @throws CertificateFault */
export function requireAuthority(certificate: FileCertificate): void {
  if (!certificate.x509.ca) throw new CertificateFault('is not one of a CA');
  requireIssued(certificate, certificate, 'is not signed with its own key');
}

/** Requires that this CA issued it. @throws CertificateFault */
export function requireIssued({ x509 }: FileCertificate, ca: FileCertificate, otherwise: string): void {
  if (!x509.checkIssued(ca.x509) || !x509.verify(ca.x509.publicKey)) throw new CertificateFault(otherwise);
}

/** The one PEM form of a certificate in a member's file, as `member init` writes it too. */
export function pemOf(base64: string): string {
  return new X509Certificate(base64Bytes(base64) ?? new Uint8Array()).toString();
}

/** A certificate in PEM as members' files have it. */
export function base64Of(pem: string): string {
  return base64Text(new X509Certificate(pem).raw);
}
