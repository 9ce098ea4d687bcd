import { createHash } from 'node:crypto';
import type { Attribute, IssuerAndSerialNumber, SignedData, SignerInfo, TSTInfo } from 'pkijs';
import { hashOfOid, isSignedBy, schemeOf } from './algorithms.js';
import { allows, EXTENDED_USAGE, parseCertificate, serialHex } from './certificate.js';
import type { Certificate } from './certificate.js';
import type { Pki } from './load.js';
import { attributeValue, certificateHashes } from './signedAttributes.js';

/** A timestamp with a valid signature and imprint. Trust in its authority is checked elsewhere. */
export interface TimestampToken {
  readonly time: Date;
  readonly authority: Certificate;
  /** All certificates that came with it. */
  readonly certificates: readonly Certificate[];
}

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

/**
 * Checks an RFC 3161 token over these bytes.
 *
 * @throws Error with one sentence that names the fault
 */
export function checkTimestamp(pki: Pki, der: Buffer, stamped: Buffer, others: readonly Certificate[]): TimestampToken {
  const { signedData, signer, content } = open(pki, der);
  const info = pki.pkijs.TSTInfo.fromBER(content);
  checkImprint(info, stamped);
  const certificates = certificatesOf(pki, signedData);
  const authority = [...certificates, ...others].find((candidate) => isNamedBy(signer, candidate));
  if (!authority) {
    throw new Error("the authority's certificate is not there");
  }
  checkSignature(pki, signer, content, authority);
  if (!authority.extendedKeyUsages.has(EXTENDED_USAGE.timeStamping)) {
    throw new Error(`the certificate "${authority.subject}" is not for timestamps`);
  }
  return { time: info.genTime, authority, certificates };
}

function open({ pkijs }: Pki, der: Buffer): { signedData: SignedData; signer: SignerInfo; content: Buffer } {
  const outer = pkijs.ContentInfo.fromBER(der);
  if (outer.contentType !== SIGNED_DATA) {
    throw new Error('it is not signed');
  }
  const signedData = new pkijs.SignedData({ schema: outer.content as unknown });
  const [signer, second] = signedData.signerInfos;
  const { eContentType, eContent } = signedData.encapContentInfo;
  if (eContentType !== TST_INFO || !eContent) {
    throw new Error('it holds no time');
  }
  if (!signer || second) {
    throw new Error('it needs exactly one signer');
  }
  return { signedData, signer, content: Buffer.from(eContent.getValue()) };
}

function checkImprint({ messageImprint }: TSTInfo, stamped: Buffer): void {
  const hash = hashOfOid(messageImprint.hashAlgorithm.algorithmId);
  if (hash === undefined) {
    throw new Error('its digest algorithm is not accepted');
  }
  if (!createHash(hash).update(stamped).digest().equals(messageImprint.hashedMessage.valueBlock.valueHexView)) {
    throw new Error('it belongs to another signature');
  }
}

function checkSignature(pki: Pki, signer: SignerInfo, content: Buffer, authority: Certificate): void {
  const hash = hashOfOid(signer.digestAlgorithm.algorithmId);
  const scheme = schemeOf(pki, signer.signatureAlgorithm, hash);
  const { signedAttrs } = signer;
  if (!signedAttrs || hash === undefined || scheme === undefined) {
    throw new Error('its signature is not of an accepted kind');
  }
  checkAttributes(signedAttrs.attributes, createHash(hash).update(content).digest(), authority);
  const signed = Buffer.from(signedAttrs.encodedValue);
  if (!isSignedBy(scheme, authority.x509.publicKey, signed, signer.signature.valueBlock.valueHexView)) {
    throw new Error('its signature does not hold');
  }
}

/** The authority signs a list of attributes; the digest among them binds the content. */
function checkAttributes(attributes: readonly Attribute[], content: Buffer, authority: Certificate): void {
  const digest = attributeValue(attributes, MESSAGE_DIGEST)?.valueBlock.valueHexView;
  const type = attributeValue(attributes, CONTENT_TYPE)?.getValue?.();
  if (!digest || !content.equals(digest) || type !== TST_INFO) {
    throw new Error('its content was changed');
  }
  const named = certificateHashes(attributes);
  if (!named.some((each) => each.matches(authority.der)) || !allows(authority, 'digitalSignature', 'nonRepudiation')) {
    throw new Error('it was signed for another certificate');
  }
}

function certificatesOf(pki: Pki, signedData: SignedData): Certificate[] {
  return (signedData.certificates ?? []).flatMap((each) =>
    each instanceof pki.pkijs.Certificate ? (parseCertificate(pki, Buffer.from(each.toSchema().toBER())) ?? []) : [],
  );
}

interface KeyIdentifier {
  readonly valueBlock: { readonly valueHexView: Uint8Array };
}

function isNamedBy({ sid }: SignerInfo, candidate: Certificate): boolean {
  const named = sid as unknown as IssuerAndSerialNumber | KeyIdentifier;
  if ('issuer' in named) {
    const { issuer, serialNumber } = named;
    return (
      candidate.issuerDer.equals(Buffer.from(issuer.valueBeforeDecode)) &&
      serialHex(serialNumber.valueBlock.valueHexView) === candidate.serial
    );
  }
  return candidate.keyId === Buffer.from(named.valueBlock.valueHexView).toString('hex');
}
