import { randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import {
  encodeCertificate,
  encodeName,
  subjectKeyIdentifierOf,
  subjectOf,
  type DistinguishedName,
  type Extension,
  type Validity,
} from './asn1.js';
import { PkiError } from './errors.js';
import { publicPoint, readPublicKey, subjectKeyIdentifier, type PublicKeyInput } from './keys.js';
import { toLowS, type SignBytes } from './signature.js';

/** The certifier: a CA certificate (PEM) and a function that signs with its key, wherever the key is kept. */
export interface Issuer {
  readonly certificate: string;
  readonly sign: SignBytes;
}

export interface CertificateRequest {
  readonly subject: DistinguishedName;
  readonly publicKey: PublicKeyInput;
  readonly validity: Validity;
  /** Besides the subject and authority key identifiers, which are always added. */
  readonly extensions: readonly Extension[];
}

interface IssuerFacts {
  readonly name: Uint8Array;
  readonly keyIdentifier: Uint8Array;
  readonly publicKey: KeyObject;
  readonly sign: SignBytes;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** A validity of this many days, starting five minutes ago: the clocks of verifiers differ. */
export function validFor(days: number, now: Date = new Date()): Validity {
  const start = now.getTime() - CLOCK_SKEW_MS;
  return { notBefore: new Date(start), notAfter: new Date(start + days * DAY_MS) };
}

/** Issues a certificate (PEM) with a random serial number. @throws PkiError `KEY_MISMATCH` if the issuer's signer uses another key. */
export async function issueCertificate(issuer: Issuer, request: CertificateRequest): Promise<string> {
  return certify(issuerFacts(issuer), request, readPublicKey(request.publicKey));
}

/** Issues a self-signed certificate (PEM); `sign` uses the private half of the requested public key. */
export async function issueSelfSigned(sign: SignBytes, request: CertificateRequest): Promise<string> {
  const publicKey = readPublicKey(request.publicKey);
  const self = { name: encodeName(request.subject), keyIdentifier: subjectKeyIdentifier(publicKey), publicKey, sign };
  return certify(self, request, publicKey);
}

/** The issuer's part of everything it signs. */
export function issuerFacts({ certificate, sign }: Issuer): IssuerFacts {
  const parsed = new X509Certificate(certificate);
  return {
    name: subjectOf(parsed.raw),
    keyIdentifier: subjectKeyIdentifierOf(parsed.raw) ?? subjectKeyIdentifier(readPublicKey(parsed.publicKey)),
    publicKey: parsed.publicKey,
    sign,
  };
}

async function certify(issuer: IssuerFacts, request: CertificateRequest, publicKey: KeyObject): Promise<string> {
  const unsigned = encodeCertificate({
    serialNumber: randomSerialNumber(),
    issuer: issuer.name,
    subject: request.subject,
    validity: request.validity,
    publicPoint: publicPoint(publicKey),
    extensions: [
      ...request.extensions,
      { kind: 'subjectKeyIdentifier', keyIdentifier: subjectKeyIdentifier(publicKey) },
      { kind: 'authorityKeyIdentifier', keyIdentifier: issuer.keyIdentifier },
    ],
  });
  // Fabric refuses certificates with a high S; an external signer may return either.
  const pem = unsigned.finish(toLowS(await issuer.sign(unsigned.toBeSigned)));
  if (!new X509Certificate(pem).verify(issuer.publicKey)) {
    throw new PkiError('KEY_MISMATCH', "The issuer's signer does not use the key of the issuer's certificate.");
  }
  return pem;
}

/** 128 bits; the leading 01 keeps it positive and of full length. */
function randomSerialNumber(): Uint8Array {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}
