import { createHash } from 'node:crypto';
import type { BasicOCSPResponse, CertID, SingleResponse } from 'pkijs';
import { isSignedBy, schemeOf } from './algorithms.js';
import { EXTENDED_USAGE, isIssuedBy, isValidAt, parseCertificate, serialHex } from './certificate.js';
import type { Certificate } from './certificate.js';
import type { Finding, RevocationEvidence } from './evidence.js';
import type { Pki } from './load.js';

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';

/** Here SHA-1 only names the issuer; the issuer's signature is verified separately. */
const CERT_ID_HASHES: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** An OCSP response, signed by the issuer of the certificate or by a responder that this issuer authorised. */
export class OcspResponse implements RevocationEvidence {
  readonly #pki: Pki;
  readonly #response: BasicOCSPResponse;
  readonly #certificates: readonly Certificate[];

  /** @throws if the bytes are not a successful OCSP response, with or without its outer wrapping */
  constructor(pki: Pki, der: Buffer) {
    this.#pki = pki;
    this.#response = parse(pki, der);
    this.#certificates = (this.#response.certs ?? []).flatMap(
      (certificate) => parseCertificate(pki, Buffer.from(certificate.toSchema().toBER())) ?? [],
    );
  }

  about(certificate: Certificate, issuer: Certificate): Finding | undefined {
    const { responses, producedAt } = this.#response.tbsResponseData;
    const single = responses.find(({ certID }) => isAbout(certID, certificate, issuer));
    const revokedAt = single && statusOf(single);
    if (!single || revokedAt === undefined || !this.#isAuthorisedBy(issuer, producedAt)) {
      return undefined;
    }
    return {
      source: `OCSP response of ${single.thisUpdate.toISOString()}`,
      thisUpdate: single.thisUpdate,
      nextUpdate: single.nextUpdate ?? null,
      revokedAt,
    };
  }

  #isAuthorisedBy(issuer: Certificate, at: Date): boolean {
    return [issuer, ...this.#certificates].some(
      (candidate) => (candidate === issuer || isResponderOf(issuer, candidate, at)) && this.#isSignedBy(candidate),
    );
  }

  #isSignedBy({ x509 }: Certificate): boolean {
    const { signatureAlgorithm, signature, tbsResponseData } = this.#response;
    const scheme = schemeOf(this.#pki, signatureAlgorithm);
    const { valueHexView } = signature.valueBlock;
    return scheme !== undefined && isSignedBy(scheme, x509.publicKey, tbsResponseData.tbsView, valueHexView);
  }
}

function parse({ pkijs }: Pki, der: Buffer): BasicOCSPResponse {
  try {
    const { responseBytes } = pkijs.OCSPResponse.fromBER(der);
    if (responseBytes?.responseType === BASIC_RESPONSE) {
      return pkijs.BasicOCSPResponse.fromBER(responseBytes.response.valueBlock.valueHexView);
    }
  } catch {
    // XAdES says "DER-encoded OCSPResponse"; some signers embed the BasicOCSPResponse.
  }
  return pkijs.BasicOCSPResponse.fromBER(der);
}

function isResponderOf(issuer: Certificate, candidate: Certificate, at: Date): boolean {
  return (
    candidate.extendedKeyUsages.has(EXTENDED_USAGE.ocspSigning) &&
    isValidAt(candidate, at) &&
    isIssuedBy(candidate, issuer)
  );
}

function isAbout(id: CertID, certificate: Certificate, issuer: Certificate): boolean {
  const hash = CERT_ID_HASHES.get(id.hashAlgorithm.algorithmId);
  if (hash === undefined || serialHex(id.serialNumber.valueBlock.valueHexView) !== certificate.serial) {
    return false;
  }
  const digest = (bytes: Buffer) => createHash(hash).update(bytes).digest();
  return (
    digest(issuer.subjectDer).equals(id.issuerNameHash.valueBlock.valueHexView) &&
    digest(issuer.publicKeyBits).equals(id.issuerKeyHash.valueBlock.valueHexView)
  );
}

interface StatusChoice {
  readonly idBlock: { readonly tagNumber: number };
  readonly valueBlock: { readonly value?: readonly { toDate?: () => Date }[] };
}

/** null: good. A date: revoked since. undefined: the responder does not know the certificate. */
function statusOf({ certStatus }: SingleResponse): Date | null | undefined {
  const { idBlock, valueBlock } = certStatus as StatusChoice;
  switch (idBlock.tagNumber) {
    case 0:
      return null;
    case 1:
      return valueBlock.value?.[0]?.toDate?.();
    default:
      return undefined;
  }
}
