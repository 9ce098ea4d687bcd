import type { CertificateRevocationList } from 'pkijs';
import { isSignedBy, schemeOf } from './algorithms.js';
import type { Scheme } from './algorithms.js';
import { allows, serialHex } from './certificate.js';
import type { Certificate } from './certificate.js';
import type { Finding, RevocationEvidence } from './evidence.js';
import type { Pki } from './load.js';

const DELTA_CRL = '2.5.29.27';
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';
const CERTIFICATE_ISSUER = '2.5.29.29';
/** Extensions that limit a list to some certificates of its issuer. */
const PARTIAL: readonly string[] = [DELTA_CRL, ISSUING_DISTRIBUTION_POINT];

/**
 * A complete list of the certificates that one authority revoked, signed by that authority. Partial and indirect lists are
 * not accepted as evidence.
 */
export class RevocationList implements RevocationEvidence {
  readonly #list: CertificateRevocationList;
  readonly #scheme: Scheme | undefined;
  readonly #isPartial: boolean;
  readonly #revoked: ReadonlyMap<string, Date>;

  /** @throws if the bytes are not a CRL */
  constructor(pki: Pki, der: Buffer) {
    const list = pki.pkijs.CertificateRevocationList.fromBER(der);
    const entries = list.revokedCertificates ?? [];
    this.#list = list;
    this.#scheme = schemeOf(pki, list.signatureAlgorithm);
    this.#isPartial =
      (list.crlExtensions?.extensions ?? []).some(({ extnID, critical }) => PARTIAL.includes(extnID) || critical) ||
      entries.some((entry) =>
        entry.crlEntryExtensions?.extensions.some(({ extnID, critical }) => extnID === CERTIFICATE_ISSUER || critical),
      );
    this.#revoked = new Map(
      entries.map((entry) => [serialHex(entry.userCertificate.valueBlock.valueHexView), entry.revocationDate.value]),
    );
  }

  about(certificate: Certificate, issuer: Certificate): Finding | undefined {
    const thisUpdate = this.#list.thisUpdate.value;
    // An authority may drop expired certificates from its list, so absence from the list proves nothing then.
    if (this.#isPartial || thisUpdate > certificate.notAfter || !this.#isBy(issuer)) {
      return undefined;
    }
    return {
      source: `CRL of ${thisUpdate.toISOString()}`,
      thisUpdate,
      nextUpdate: this.#list.nextUpdate?.value ?? null,
      revokedAt: this.#revoked.get(certificate.serial) ?? null,
    };
  }

  #isBy(issuer: Certificate): boolean {
    const { issuer: name, tbsView, signatureValue } = this.#list;
    return (
      this.#scheme !== undefined &&
      issuer.subjectDer.equals(Buffer.from(name.valueBeforeDecode)) &&
      allows(issuer, 'cRLSign') &&
      isSignedBy(this.#scheme, issuer.x509.publicKey, tbsView, signatureValue.valueBlock.valueHexView)
    );
  }
}
