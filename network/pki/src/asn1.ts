import { ASN1HEX, KJUR, X509, hextopem } from 'jsrsasign';

/**
 * The one place where ASN.1 is encoded. jsrsasign builds structures only: it never sees a private key and signs nothing
 * (its ECDSA has had nonce and verification defects; node:crypto does that part).
 */

export type NameAttribute = readonly [type: NameType, value: string];
type NameType = 'C' | 'O' | 'OU' | 'CN';

/** A distinguished name, most general attribute first: `[['C', 'DE'], ['O', 'nmi-north.example'], ['CN', 'ca.nmi-north.example']]`. */
export type DistinguishedName = readonly NameAttribute[];

export type KeyUsage = 'digitalSignature' | 'nonRepudiation' | 'keyCertSign' | 'cRLSign';

export type Extension =
  | { readonly kind: 'basicConstraints'; readonly ca: boolean; readonly pathLength?: number }
  | { readonly kind: 'keyUsage'; readonly usages: readonly KeyUsage[] }
  | { readonly kind: 'extendedKeyUsage'; readonly purposes: readonly ('serverAuth' | 'clientAuth')[] }
  | { readonly kind: 'subjectKeyIdentifier' | 'authorityKeyIdentifier'; readonly keyIdentifier: Uint8Array }
  | { readonly kind: 'subjectAltName'; readonly dns: readonly string[]; readonly ip: readonly string[] }
  | { readonly kind: 'private'; readonly oid: string; readonly value: Uint8Array };

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface CertificateContent {
  /** Big-endian, positive, at most 20 bytes. */
  readonly serialNumber: Uint8Array;
  /** DER of the issuer's subject, copied unchanged so that chains match byte for byte. */
  readonly issuer: Uint8Array;
  readonly subject: DistinguishedName;
  readonly validity: Validity;
  /** Uncompressed P-256 point, 65 bytes. */
  readonly publicPoint: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** RFC 5280 section 5.3.1. */
export type RevocationReason =
  'unspecified' | 'keyCompromise' | 'cACompromise' | 'affiliationChanged' | 'superseded' | 'cessationOfOperation';

export interface RevokedCertificate {
  /** Serial number in hexadecimal, as `X509Certificate.serialNumber` has it. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason?: RevocationReason;
}

export interface RevocationListContent {
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly number: number;
  readonly authorityKeyIdentifier: Uint8Array;
  readonly revoked: readonly RevokedCertificate[];
}

/**
 * An encoded structure that still needs its signature: `finish` takes a DER ECDSA signature over `toBeSigned` and returns
 * PEM.
 */
export interface Unsigned {
  readonly toBeSigned: Uint8Array;
  finish(signature: Uint8Array): string;
}

interface Encoder {
  getEncodedHex(): string;
}

interface RequestParameters {
  readonly subject: { readonly array: readonly (readonly { readonly type: NameType; readonly value: string }[])[] };
  readonly sbjpubkey: string;
  readonly sigalg: string;
  readonly sighex: string;
  readonly tbs: string;
}

type EncoderOf = new (parameters: unknown) => Encoder;

// The published typings describe an older parameter form of these classes.
const encoders = KJUR.asn1.x509 as unknown as Readonly<
  Record<'TBSCertificate' | 'Certificate' | 'TBSCertList' | 'CRL' | 'X500Name', EncoderOf>
>;
const requestEncoders = KJUR.asn1.csr as unknown as Readonly<
  Record<'CertificationRequestInfo' | 'CertificationRequest', EncoderOf>
>;
const requestReader = KJUR.asn1.csr.CSRUtil as unknown as {
  getParam(pem: string, withToBeSigned: true): RequestParameters;
};
const PublicKey = KJUR.crypto.ECDSA as unknown as new (parameters: { curve: string; pub: string }) => unknown;

const SIGNATURE_ALGORITHM = 'SHA256withECDSA';
const REASON_CODES: Readonly<Record<RevocationReason, number>> = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
};

/** DER of a distinguished name. */
export function encodeName(name: DistinguishedName): Uint8Array {
  return fromHex(new encoders.X500Name(nameParameters(name)).getEncodedHex());
}

/** Encodes a certificate without its signature. */
export function encodeCertificate(content: CertificateContent): Unsigned {
  const body = new encoders.TBSCertificate({
    version: 3,
    serial: { hex: hex(content.serialNumber) },
    sigalg: SIGNATURE_ALGORITHM,
    issuer: { hex: hex(content.issuer) },
    notbefore: time(content.validity.notBefore),
    notafter: time(content.validity.notAfter),
    subject: nameParameters(content.subject),
    sbjpubkey: publicKeyOf(content.publicPoint),
    ext: content.extensions.map(extensionParameters),
  });
  return unsigned(body, encoders.Certificate, 'CERTIFICATE');
}

/** Encodes a certificate revocation list (version 2) without its signature. */
export function encodeRevocationList(content: RevocationListContent): Unsigned {
  const revoked = content.revoked.map(({ serialNumber, revokedAt, reason }) => ({
    sn: { hex: positive(serialNumber) },
    date: time(revokedAt),
    // RFC 5280 section 5.3.1: an unspecified reason is omitted.
    ...(reason !== undefined && reason !== 'unspecified'
      ? { ext: [{ extname: 'cRLReason', code: REASON_CODES[reason] }] }
      : {}),
  }));
  const body = new encoders.TBSCertList({
    version: 2,
    sigalg: SIGNATURE_ALGORITHM,
    issuer: { hex: hex(content.issuer) },
    thisupdate: time(content.thisUpdate),
    nextupdate: time(content.nextUpdate),
    // An empty list of revoked certificates must be absent, not empty.
    ...(revoked.length > 0 ? { revcert: revoked } : {}),
    ext: [
      { extname: 'authorityKeyIdentifier', kid: { hex: hex(content.authorityKeyIdentifier) } },
      { extname: 'cRLNumber', num: { int: content.number } },
    ],
  });
  return unsigned(body, encoders.CRL, 'X509 CRL');
}

/** Encodes a certification request (PKCS#10) without attributes and without its signature. */
export function encodeRequest(subject: DistinguishedName, point: Uint8Array): Unsigned {
  const content = { subject: nameParameters(subject), sbjpubkey: publicKeyOf(point) };
  return {
    toBeSigned: fromHex(new requestEncoders.CertificationRequestInfo(content).getEncodedHex()),
    finish: (signature) => {
      const sighex = hex(signature);
      const signed = new requestEncoders.CertificationRequest({ ...content, sigalg: SIGNATURE_ALGORITHM, sighex });
      return pemOf(signed, 'CERTIFICATE REQUEST');
    },
  };
}

/** A decoded certification request: nothing in it has been verified. */
export interface DecodedRequest {
  readonly subject: DistinguishedName;
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string;
  readonly toBeSigned: Uint8Array;
  readonly isEcdsaWithSha256: boolean;
  /** DER. */
  readonly signature: Uint8Array;
}

/** Decodes a certification request (PEM). Throws the library's error if it is malformed. */
export function decodeRequest(pem: string): DecodedRequest {
  const { subject, sbjpubkey, sigalg, sighex, tbs } = requestReader.getParam(pem, true);
  return {
    subject: subject.array.map((name) => {
      const [only, ...others] = name;
      if (!only || others.length > 0) throw new Error('A name has several attributes.');
      return [only.type, only.value];
    }),
    publicKey: sbjpubkey,
    toBeSigned: fromHex(tbs),
    isEcdsaWithSha256: sigalg === SIGNATURE_ALGORITHM,
    signature: fromHex(sighex),
  };
}

/** DER of a certificate's subject. */
export function subjectOf(certificate: Uint8Array): Uint8Array {
  const reader = new X509();
  reader.readCertHex(hex(certificate));
  return fromHex(reader.getSubjectHex());
}

/** A certificate's subject key identifier, or undefined if it has none. */
export function subjectKeyIdentifierOf(certificate: Uint8Array): Uint8Array | undefined {
  const found = extensionOf(certificate, '2.5.29.14');
  // An OCTET STRING inside the extension's own: two bytes of tag and length precede the identifier.
  return found?.subarray(2);
}

/** The content of a certificate's extension, or undefined if it has no extension with that object identifier. */
export function extensionOf(certificate: Uint8Array, oid: string): Uint8Array | undefined {
  const der = hex(certificate);
  const list = ASN1HEX.getIdxbyListEx(der, 0, [0, '[3]', 0]);
  if (list === -1) return undefined;
  for (const extension of ASN1HEX.getChildIdx(der, list)) {
    const parts = ASN1HEX.getChildIdx(der, extension);
    const [identifier, value] = [parts.at(0), parts.at(-1)];
    if (identifier === undefined || value === undefined) continue;
    if (KJUR.asn1.ASN1Util.oidHexToInt(ASN1HEX.getV(der, identifier)) === oid) return fromHex(ASN1HEX.getV(der, value));
  }
  return undefined;
}

function unsigned(body: Encoder, Signed: EncoderOf, label: string): Unsigned {
  return {
    toBeSigned: fromHex(body.getEncodedHex()),
    finish: (signature) => {
      const signed = new Signed({ tbsobj: body, sigalg: SIGNATURE_ALGORITHM, sighex: hex(signature) });
      return pemOf(signed, label);
    },
  };
}

function pemOf(structure: Encoder, label: string): string {
  return hextopem(structure.getEncodedHex(), label).replaceAll('\r\n', '\n');
}

function publicKeyOf(point: Uint8Array): unknown {
  return new PublicKey({ curve: 'secp256r1', pub: hex(point) });
}

function nameParameters(name: DistinguishedName): object {
  // The string type is explicit: by default, jsrsasign encodes a common name with an "@" as an IA5String.
  return { array: name.map(([type, value]) => [{ type, value, ds: type === 'C' ? 'prn' : 'utf8' }]) };
}

function extensionParameters(extension: Extension): object {
  switch (extension.kind) {
    case 'basicConstraints':
      return {
        extname: 'basicConstraints',
        critical: true,
        cA: extension.ca,
        ...(extension.pathLength === undefined ? {} : { pathLen: extension.pathLength }),
      };
    case 'keyUsage':
      return { extname: 'keyUsage', critical: true, names: [...extension.usages] };
    case 'extendedKeyUsage':
      return { extname: 'extKeyUsage', array: [...extension.purposes] };
    case 'subjectKeyIdentifier':
    case 'authorityKeyIdentifier':
      return { extname: extension.kind, kid: { hex: hex(extension.keyIdentifier) } };
    case 'subjectAltName':
      return {
        extname: 'subjectAltName',
        array: [...extension.dns.map((dns) => ({ dns })), ...extension.ip.map((ip) => ({ ip }))],
      };
    case 'private':
      return { extname: extension.oid, extn: hex(extension.value) };
  }
}

/** RFC 5280 section 4.1.2.5: two-digit years through 2049, four-digit years from 2050. */
function time(date: Date): string {
  const digits = `${date.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
  return date.getUTCFullYear() < 2050 ? digits.slice(2) : digits;
}

function positive(serialNumber: string): string {
  const even = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  return /^[89a-f]/i.test(even) ? `00${even}` : even;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fromHex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}
