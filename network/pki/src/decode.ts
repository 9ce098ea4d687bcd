import { derChildren, DerError, expectTag, oidText, readDer, TAG } from '@tracecal/core/signing/der';
import type { DerValue } from '@tracecal/core/signing/der';
import { ECDSA_WITH_SHA256, EXTENSION_OIDS, NAME_OIDS } from './oids.js';

/** `[0]` of a TBSCertificate. */
const VERSION = 0xa0;

/** A certification request as it stands: nothing in it is verified. */
export interface DecodedRequest {
  /** Types of attributes: short where this file knows them, else object identifiers. */
  readonly subject: readonly (readonly [type: string, value: string])[];
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly toBeSigned: Uint8Array;
  readonly isEcdsaWithSha256: boolean;
  /** DER. */
  readonly signature: Uint8Array;
}

const REQUEST = /-----BEGIN (NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END \1?CERTIFICATE REQUEST-----/;

/** Decodes a certification request (PEM). @throws DerError where it is none */
export function decodeRequest(pem: string): DecodedRequest {
  const [, , base64] = REQUEST.exec(pem) ?? [];
  if (base64 === undefined) throw new DerError('there is no certification request in PEM form');
  const [info, algorithm, signature] = derChildren(readDer(Buffer.from(base64, 'base64'), TAG.sequence));
  const [, subject, key] = derChildren(expectTag(info, TAG.sequence));
  const [signedWith, ...parameters] = derChildren(expectTag(algorithm, TAG.sequence));
  return {
    subject: derChildren(expectTag(subject, TAG.sequence)).map(nameAttribute),
    publicKey: expectTag(key, TAG.sequence).raw,
    toBeSigned: expectTag(info, TAG.sequence).raw,
    isEcdsaWithSha256: parameters.length === 0 && oidText(expectTag(signedWith, TAG.oid)) === ECDSA_WITH_SHA256,
    signature: expectTag(signature, TAG.bitString).content.subarray(1),
  };
}

const TEXTS: readonly number[] = [TAG.utf8String, TAG.printableString, TAG.ia5String];

function nameAttribute(name: DerValue): readonly [type: string, value: string] {
  const [only, ...others] = derChildren(expectTag(name, TAG.set));
  const [type, value, ...surplus] = derChildren(expectTag(only, TAG.sequence));
  if (type === undefined || value === undefined || !TEXTS.includes(value.tag) || others.length + surplus.length > 0) {
    throw new DerError('a name that is not one text');
  }
  const oid = oidText(type);
  const [known = oid] = Object.entries(NAME_OIDS).find(([, each]) => each === oid) ?? [];
  return [known, Buffer.from(value.content).toString('utf8')];
}

/** DER of a certificate's subject. */
export function subjectOf(certificate: Uint8Array): Uint8Array {
  // After serial number, algorithm, issuer and validity, before which a version stands.
  const fields = fieldsOf(certificate).filter(({ tag }) => tag !== VERSION);
  return expectTag(fields[4], TAG.sequence).raw;
}

/** A certificate's subject key identifier, or undefined where it has none. */
export function subjectKeyIdentifierOf(certificate: Uint8Array): Uint8Array | undefined {
  const found = extensionOf(certificate, EXTENSION_OIDS.subjectKeyIdentifier);
  return found && readDer(Buffer.from(found), TAG.octetString).content;
}

/** The content of a certificate's extension, or undefined where it has none of that object identifier. */
export function extensionOf(certificate: Uint8Array, oid: string): Uint8Array | undefined {
  const wrapper = fieldsOf(certificate).find(({ tag }) => tag === TAG.extensions);
  const all = wrapper ? derChildren(readDer(wrapper.content, TAG.sequence)) : [];
  const parts = all.map((each) => derChildren(expectTag(each, TAG.sequence)));
  const found = parts.find(([identifier]) => identifier !== undefined && oidText(identifier) === oid);
  return found && expectTag(found.at(-1), TAG.octetString).content;
}

function fieldsOf(certificate: Uint8Array): readonly DerValue[] {
  const [toBeSigned] = derChildren(readDer(Buffer.from(certificate), TAG.sequence));
  return derChildren(expectTag(toBeSigned, TAG.sequence));
}
