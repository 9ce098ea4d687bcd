import { isIPv4 } from 'node:net';
import { TAG, writeDer, writeOid, writeUnsigned } from '@tracecal/core/signing/der';
import { ECDSA_WITH_SHA256, EXTENSION_OIDS, NAME_OIDS, PURPOSE_OIDS, type NameType } from './oids.js';

/** The one place where certificates, requests and revocation lists are encoded. It never sees a private key and signs nothing. */

export type NameAttribute = readonly [type: NameType, value: string];

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
  /** DER of the issuer's subject, copied as it stands so that chains match byte for byte. */
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

/** What has been encoded and waits for its signature: `finish` takes a DER ECDSA signature over `toBeSigned` and returns PEM. */
export interface Unsigned {
  readonly toBeSigned: Uint8Array;
  finish(signature: Uint8Array): string;
}

/** Context-specific tags: constructed, and primitive. */
const constructed = (number: number) => 0xa0 | number;
const primitive = (number: number) => 0x80 | number;

const SIGNATURE_ALGORITHM = sequence(writeOid(ECDSA_WITH_SHA256));
const P256_KEY = sequence(writeOid('1.2.840.10045.2.1'), writeOid('1.2.840.10045.3.1.7'));

/** RFC 5280 section 4.2.1.3: the place of each bit. */
const USAGE_BITS: Readonly<Record<KeyUsage, number>> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyCertSign: 5,
  cRLSign: 6,
};
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
  return sequence(
    ...name.map(([type, value]) => {
      const text = writeDer(type === 'C' ? TAG.printableString : TAG.utf8String, Buffer.from(value, 'utf8'));
      return writeDer(TAG.set, sequence(writeOid(NAME_OIDS[type]), text));
    }),
  );
}

/** Encodes a certificate, leaving its signature open. */
export function encodeCertificate(content: CertificateContent): Unsigned {
  const { notBefore, notAfter } = content.validity;
  const body = sequence(
    writeDer(constructed(0), integer(2)),
    writeUnsigned(content.serialNumber),
    SIGNATURE_ALGORITHM,
    content.issuer,
    sequence(time(notBefore), time(notAfter)),
    encodeName(content.subject),
    publicKey(content.publicPoint),
    writeDer(constructed(3), sequence(...content.extensions.map(encodeExtension))),
  );
  return unsigned(body, 'CERTIFICATE');
}

/** Encodes a certificate revocation list (version 2), leaving its signature open. */
export function encodeRevocationList(content: RevocationListContent): Unsigned {
  const { issuer, thisUpdate, nextUpdate, authorityKeyIdentifier: keyIdentifier } = content;
  const revoked = content.revoked.map(encodeRevoked);
  const extensions = sequence(
    encodeExtension({ kind: 'authorityKeyIdentifier', keyIdentifier }),
    extension(EXTENSION_OIDS.revocationListNumber, integer(content.number)),
  );
  const body = sequence(
    integer(1),
    SIGNATURE_ALGORITHM,
    issuer,
    ...[time(thisUpdate), time(nextUpdate)],
    // An empty list of revoked certificates must be absent, not empty.
    ...(revoked.length > 0 ? [sequence(...revoked)] : []),
    writeDer(constructed(0), extensions),
  );
  return unsigned(body, 'X509 CRL');
}

function encodeRevoked({ serialNumber, revokedAt, reason }: RevokedCertificate): Uint8Array {
  const serial = Buffer.from(serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`, 'hex');
  // RFC 5280 section 5.3.1: an unspecified reason is left out.
  const isStated = reason !== undefined && reason !== 'unspecified';
  const reasons = isStated
    ? [sequence(extension(EXTENSION_OIDS.revocationReason, writeDer(TAG.enumerated, Buffer.of(REASON_CODES[reason]))))]
    : [];
  return sequence(writeUnsigned(serial), time(revokedAt), ...reasons);
}

/** Encodes a certification request (PKCS#10) without attributes, leaving its signature open. */
export function encodeRequest(subject: DistinguishedName, point: Uint8Array): Unsigned {
  const body = sequence(integer(0), encodeName(subject), publicKey(point), writeDer(constructed(0)));
  return unsigned(body, 'CERTIFICATE REQUEST');
}

function unsigned(body: Uint8Array, label: string): Unsigned {
  return {
    toBeSigned: body,
    finish: (signature) => pemOf(sequence(body, SIGNATURE_ALGORITHM, bits(signature)), label),
  };
}

function pemOf(der: Uint8Array, label: string): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function encodeExtension(content: Extension): Uint8Array {
  switch (content.kind) {
    case 'basicConstraints': {
      const { ca, pathLength } = content;
      const flag = ca ? [writeDer(TAG.boolean, Buffer.of(0xff))] : [];
      const value = sequence(...flag, ...(pathLength === undefined ? [] : [integer(pathLength)]));
      return extension(EXTENSION_OIDS.basicConstraints, value, true);
    }
    case 'keyUsage':
      return extension(EXTENSION_OIDS.keyUsage, usageBits(content.usages), true);
    case 'extendedKeyUsage':
      return extension(
        EXTENSION_OIDS.extendedKeyUsage,
        sequence(...content.purposes.map((each) => writeOid(PURPOSE_OIDS[each]))),
      );
    case 'subjectKeyIdentifier':
      return extension(EXTENSION_OIDS.subjectKeyIdentifier, writeDer(TAG.octetString, content.keyIdentifier));
    case 'authorityKeyIdentifier':
      return extension(EXTENSION_OIDS.authorityKeyIdentifier, sequence(writeDer(primitive(0), content.keyIdentifier)));
    case 'subjectAltName': {
      const dns = content.dns.map((name) => writeDer(primitive(2), Buffer.from(name, 'latin1')));
      const ip = content.ip.map((address) => writeDer(primitive(7), addressBytes(address)));
      return extension(EXTENSION_OIDS.subjectAltName, sequence(...dns, ...ip));
    }
    case 'private':
      return extension(content.oid, content.value);
  }
}

function extension(oid: string, value: Uint8Array, isCritical = false): Uint8Array {
  const critical = isCritical ? [writeDer(TAG.boolean, Buffer.of(0xff))] : [];
  return sequence(writeOid(oid), ...critical, writeDer(TAG.octetString, value));
}

/** A list of named bits ends with the last that is set. */
function usageBits(usages: readonly KeyUsage[]): Uint8Array {
  const places = usages.map((usage) => USAGE_BITS[usage]);
  const byte = places.reduce((sum, place) => sum | (0x80 >> place), 0);
  return bits(Buffer.of(byte), 7 - Math.max(...places));
}

function addressBytes(address: string): Uint8Array {
  return isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : longAddressBytes(address);
}

/** Eight groups of two bytes; those that `::` leaves out are zero. */
function longAddressBytes(address: string): Uint8Array {
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const omitted = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const groups = [...head, ...omitted, ...tail].map((group) => parseInt(group, 16));
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function publicKey(point: Uint8Array): Uint8Array {
  return sequence(P256_KEY, bits(point));
}

/** RFC 5280 section 4.1.2.5: two-digit years through 2049, four-digit years from 2050. */
function time(date: Date): Uint8Array {
  const digits = `${date.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? writeDer(TAG.utcTime, Buffer.from(digits.slice(2)))
    : writeDer(TAG.generalizedTime, Buffer.from(digits));
}

function sequence(...items: readonly Uint8Array[]): Uint8Array {
  return writeDer(TAG.sequence, ...items);
}

function bits(content: Uint8Array, unused = 0): Uint8Array {
  return writeDer(TAG.bitString, Buffer.of(unused), content);
}

function integer(value: number): Uint8Array {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(value, 0, 6);
  return writeUnsigned(bytes);
}
