import { derChildren, DerError, expectTag, oidText, readDer, TAG } from './der.js';
import type { DerValue } from './der.js';

/*
 * What a certificate is made of (RFC 5280, 4.1). Who reads one for a purpose has rules of its own about the parts: the profile of
 * calibration certificates, and Fabric's membership services.
 */

/** The parts of a certificate. Nobody's signature has been verified yet. */
export interface X509 {
  /** The part that its issuer signed. */
  readonly toBeSigned: Uint8Array;
  /** As it is stated beside the signature, and as it was signed. */
  readonly algorithm: DerValue;
  readonly signedAlgorithm: DerValue;
  readonly signature: Uint8Array;
  /** `[0]`; absent for version 1. */
  readonly version: DerValue | undefined;
  readonly serial: DerValue;
  readonly issuer: DerValue;
  readonly notBefore: DerValue;
  readonly notAfter: DerValue;
  readonly subject: DerValue;
  readonly publicKeyInfo: Uint8Array;
  /** By dotted identifier; undefined without an extensions field. */
  readonly extensions: Extensions | undefined;
  /** What else stands after the key, such as unique identifiers. */
  readonly otherFields: readonly DerValue[];
}

export type Extensions = ReadonlyMap<string, Extension>;

export interface Extension {
  /** The flag as it is written; absent if it has its default, which is false. */
  readonly critical: DerValue | undefined;
  readonly value: Uint8Array;
}

/** One attribute of a name: its type as a dotted identifier. */
export interface NameAttribute {
  readonly type: string;
  readonly value: DerValue;
}

/** What is wrong with a certificate: the rest of a sentence that begins with the certificate. */
export class X509Error extends Error {
  override readonly name: string = 'X509Error';
}

/**
 * Reads a certificate.
 * @throws DerError or X509Error if the bytes are not a certificate
 */
export function readX509(der: Uint8Array): X509 {
  const [body, algorithm, signature, ...surplus] = derChildren(readDer(der, TAG.sequence));
  const toBeSigned = expectTag(body, TAG.sequence);
  if (surplus.length > 0) throw new X509Error('has something after its signature');
  return {
    ...readBody(derChildren(toBeSigned)),
    toBeSigned: toBeSigned.raw,
    algorithm: expectTag(algorithm, TAG.sequence),
    signature: signatureBytes(signature),
  };
}

function readBody(fields: readonly DerValue[]): Omit<X509, 'toBeSigned' | 'algorithm' | 'signature'> {
  const [first, ...others] = fields;
  const version = first?.tag === TAG.version ? first : undefined;
  const [serial, algorithm, issuer, validity, subject, publicKey, ...rest] = version ? others : fields;
  const [notBefore, notAfter, ...surplus] = derChildren(expectTag(validity, TAG.sequence));
  if (!notBefore || !notAfter || surplus.length > 0) throw new X509Error('must be valid from one time to another');
  const extensions = rest.find(({ tag }) => tag === TAG.extensions);
  return {
    version,
    serial: expectTag(serial, TAG.integer),
    signedAlgorithm: expectTag(algorithm, TAG.sequence),
    issuer: expectTag(issuer, TAG.sequence),
    notBefore,
    notAfter,
    subject: expectTag(subject, TAG.sequence),
    publicKeyInfo: expectTag(publicKey, TAG.sequence).raw,
    extensions: extensions && readExtensions(extensions),
    otherFields: rest.filter((field) => field !== extensions),
  };
}

/**
 * The extensions of a certificate or of a revocation list, from the field that holds them.
 * @throws DerError or X509Error
 */
export function readExtensions(field: DerValue): Extensions {
  const extensions = new Map<string, Extension>();
  for (const extension of derChildren(readDer(field.content, TAG.sequence))) {
    const [type, ...parts] = derChildren(expectTag(extension, TAG.sequence));
    const id = oidText(expectTag(type, TAG.oid));
    const [critical, value, ...surplus] = parts.length > 1 ? parts : [undefined, ...parts];
    if (surplus.length > 0) throw new X509Error(`has an extension (${id}) with something after its value`);
    if (extensions.has(id)) throw new X509Error(`has the extension ${id} twice`);
    extensions.set(id, {
      critical: critical && expectTag(critical, TAG.boolean),
      value: expectTag(value, TAG.octetString).content,
    });
  }
  return extensions;
}

/** The names that a name consists of, each with its attributes, of which there is usually one. */
export function readName(name: DerValue): readonly (readonly NameAttribute[])[] {
  return derChildren(name).map((relative) => derChildren(expectTag(relative, TAG.set)).map(readAttribute));
}

function readAttribute(attribute: DerValue): NameAttribute {
  const [type, value, ...surplus] = derChildren(expectTag(attribute, TAG.sequence));
  if (!type || !value || surplus.length > 0) throw new DerError('an attribute of a name is a type and a value');
  return { type: oidText(type), value };
}

/** The dotted identifier of an `AlgorithmIdentifier`. */
export function algorithmId(value: DerValue | undefined): string {
  const [id] = derChildren(expectTag(value, TAG.sequence));
  return oidText(expectTag(id, TAG.oid));
}

/** A signature in a bit string. */
export function signatureBytes(value: DerValue | undefined): Uint8Array {
  const { content } = expectTag(value, TAG.bitString);
  if (content[0] !== 0) throw new X509Error('has a signature that does not end with a whole byte');
  return content.subarray(1);
}
