import type { Certificate } from './certificate.js';

/** The statement of one CRL or OCSP response about one certificate. */
export interface Finding {
  /** For the reader: `CRL of 2026-01-05T00:00:00.000Z`. */
  readonly source: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** null: not revoked. */
  readonly revokedAt: Date | null;
}

/** A CRL or an OCSP response. */
export interface RevocationEvidence {
  /**
   * Its statement about a certificate of this issuer; undefined if it says nothing about that certificate, or no authorised party
   * signed it.
   */
  about(certificate: Certificate, issuer: Certificate): Finding | undefined;
}
