import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Holder } from './authority.js';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';

export const ALGORITHMS = {
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  c14n11: 'http://www.w3.org/2006/12/xml-c14n11',
  enveloped: `${DSIG}enveloped-signature`,
  sha1: `${DSIG}sha1`,
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: `${MORE}sha384`,
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
} as const;

export type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** A certificate that is written in canonical form already: what is signed is its very text. */
export const CERTIFICATE = [
  '<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" xmlns:si="https://ptb.de/si" id="root" schemaVersion="3.3.0">',
  '<dcc:administrativeData><dcc:coreData><dcc:uniqueIdentifier>SEAL-1</dcc:uniqueIdentifier></dcc:coreData></dcc:administrativeData>',
  '<dcc:measurementResults><dcc:value id="v1">20.10</dcc:value></dcc:measurementResults>',
  '</dcc:digitalCalibrationCertificate>',
].join('\n');

/** How a test's signature is made; what is left out is sound. Texts must be in canonical form where they are signed. */
export interface SignatureTraits {
  readonly certificate?: string;
  readonly signer: Holder;
  /** Further certificates in KeyInfo. */
  readonly chain?: readonly Holder[];
  readonly hash?: Hash;
  readonly signatureHash?: Hash;
  readonly signatureMethod?: string;
  readonly key?: KeyObject;
  readonly uri?: string;
  /** Of the first reference, after the enveloped-signature. */
  readonly transforms?: string;
  readonly enveloped?: string;
  /** What the first reference covers, if not the whole certificate. */
  readonly covered?: string;
  /** Put after the first two references. */
  readonly moreReferences?: string;
  /** null leaves XAdES out altogether. */
  readonly signingTime?: string | null;
  /** Whose certificate the signer names as theirs. */
  readonly named?: Holder;
  readonly keyInfo?: string;
  /** XAdES structures that nobody signs, made when the signature value is there (its canonical form). */
  readonly unsigned?: (signatureValue: Buffer) => string;
}

export function algorithm(name: string, uri: string, content = ''): string {
  return `<ds:${name} Algorithm="${uri}">${content}</ds:${name}>`;
}

export function digest(text: string | Uint8Array, hash: Hash): string {
  return createHash(hash).update(text).digest('base64');
}

/** A reference, in canonical form. */
export function reference(
  uri: string,
  transforms: string,
  hash: Hash,
  covered: string | Uint8Array,
  type = '',
): string {
  const list = transforms === '' ? '' : `<ds:Transforms>${transforms}</ds:Transforms>`;
  const value = `<ds:DigestValue>${digest(covered, hash)}</ds:DigestValue>`;
  return `<ds:Reference${type === '' ? '' : ` Type="${type}"`} URI="${uri}">${list}${algorithm('DigestMethod', ALGORITHMS[hash])}${value}</ds:Reference>`;
}

/** The text of a signature over a certificate: XAdES unless told otherwise. */
export function signatureOver(traits: SignatureTraits): string {
  const { certificate = CERTIFICATE, signer, chain = [], hash = 'sha256', signatureHash = hash } = traits;
  const { uri = '', covered = certificate, moreReferences = '', signingTime = '2025-06-10T12:00:00Z' } = traits;
  const enveloped = traits.enveloped ?? algorithm('Transform', ALGORITHMS.enveloped);
  const transforms = `${enveloped}${traits.transforms ?? algorithm('Transform', ALGORITHMS.c14n11)}`;
  const properties = signingTime === null ? '' : signedProperties(signingTime, traits.named ?? signer);
  const second =
    properties === ''
      ? ''
      : reference(
          '#props',
          algorithm('Transform', ALGORITHMS.exclusive),
          hash,
          properties,
          'http://uri.etsi.org/01903#SignedProperties',
        );
  const key = traits.key ?? signer.key.privateKey;
  const method = traits.signatureMethod ?? methodOf(key, signatureHash);
  const signedInfo = `<ds:SignedInfo xmlns:ds="${DSIG}">${algorithm('CanonicalizationMethod', ALGORITHMS.exclusive)}${algorithm('SignatureMethod', method)}${reference(uri, transforms, hash, covered)}${second}${moreReferences}</ds:SignedInfo>`;
  const value = sign(signatureHash, Buffer.from(signedInfo), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
  const signatureValue = `<ds:SignatureValue xmlns:ds="${DSIG}" Id="value">${value}</ds:SignatureValue>`;
  const unsigned = traits.unsigned?.(Buffer.from(signatureValue)) ?? '';
  return `<ds:Signature xmlns:ds="${DSIG}" Id="sig">${signedInfo}${signatureValue}${traits.keyInfo ?? keyInfo([signer, ...chain])}${qualifying(properties, unsigned)}</ds:Signature>`;
}

/** A signed certificate file. */
export function signedCertificate(traits: SignatureTraits): Buffer {
  return withSignature(signatureOver(traits), traits.certificate);
}

/** Puts a signature at the end of a certificate, where signers put it. */
export function withSignature(signature: string, certificate = CERTIFICATE): Buffer {
  const end = certificate.lastIndexOf('</dcc:digitalCalibrationCertificate>');
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  return Buffer.from(`${head}\n${certificate.slice(0, end)}${signature}${certificate.slice(end)}\n`);
}

export function keyInfo(holders: readonly Holder[]): string {
  const certificates = holders.map(({ der }) => `<ds:X509Certificate>${der.toString('base64')}</ds:X509Certificate>`);
  return `<ds:KeyInfo><ds:X509Data>${certificates.join('')}</ds:X509Data></ds:KeyInfo>`;
}

/** A timestamp of the signature, as XAdES-T keeps it. */
export function signatureTimestamp(token: Buffer): string {
  return `<xades:SignatureTimeStamp>${algorithm('CanonicalizationMethod', ALGORITHMS.exclusive)}<xades:EncapsulatedTimeStamp>${token.toString('base64')}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>`;
}

/** Revocation data, as XAdES-LT keeps it. */
export function revocationValues(lists: readonly Buffer[], responses: readonly Buffer[] = []): string {
  const values = (name: string, all: readonly Buffer[]) =>
    all.map((der) => `<xades:Encapsulated${name}>${der.toString('base64')}</xades:Encapsulated${name}>`).join('');
  return `<xades:RevocationValues><xades:CRLValues>${values('CRLValue', lists)}</xades:CRLValues><xades:OCSPValues>${values('OCSPValue', responses)}</xades:OCSPValues></xades:RevocationValues>`;
}

function signedProperties(signingTime: string, { der }: Holder): string {
  const method = `<ds:DigestMethod xmlns:ds="${DSIG}" Algorithm="${ALGORITHMS.sha512}"></ds:DigestMethod>`;
  const value = `<ds:DigestValue xmlns:ds="${DSIG}">${digest(der, 'sha512')}</ds:DigestValue>`;
  return `<xades:SignedProperties xmlns:xades="${XADES}" Id="props"><xades:SignedSignatureProperties><xades:SigningTime>${signingTime}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>${method}${value}</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>`;
}

function qualifying(signed: string, unsigned: string): string {
  if (signed === '' && unsigned === '') {
    return '';
  }
  const later =
    unsigned === ''
      ? ''
      : `<xades:UnsignedProperties><xades:UnsignedSignatureProperties>${unsigned}</xades:UnsignedSignatureProperties></xades:UnsignedProperties>`;
  return `<ds:Object><xades:QualifyingProperties xmlns:xades="${XADES}" Target="#sig">${signed}${later}</xades:QualifyingProperties></ds:Object>`;
}

function methodOf(key: KeyObject, hash: Hash): string {
  const kind = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ecdsa';
  return hash === 'sha1' ? `${kind === 'rsa' ? DSIG : MORE}${kind}-sha1` : `${MORE}${kind}-${hash}`;
}
