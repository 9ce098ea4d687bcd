import { createHash } from 'node:crypto';
import type { Attribute } from 'pkijs';

/** A DER value, with the parts that the attributes of a signature need. */
interface Value {
  readonly valueBlock: {
    readonly value?: readonly Value[];
    readonly valueHexView: Uint8Array;
    toString(): string;
  };
  readonly idBlock: { readonly tagNumber: number };
  readonly getValue?: () => unknown;
}

/** The single value of a signed attribute; undefined if the attribute is absent or occurs more than once. */
export function attributeValue(attributes: readonly Attribute[], type: string): Value | undefined {
  const found = attributes.filter((attribute) => attribute.type === type);
  const values = found[0]?.values as readonly Value[] | undefined;
  return found.length === 1 && values?.length === 1 ? values[0] : undefined;
}

/** The digest with which a signature identifies its certificate. */
export interface CertificateHash {
  matches(der: Buffer): boolean;
}

const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const OCTET_STRING = 4;
const SEQUENCE = 16;

const HASHES: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/**
 * The certificates that a signature names as its own (RFC 5035). The first form of the attribute always uses SHA-1. It only
 * distinguishes certificates with the same key; the security of the signature does not depend on it.
 */
export function certificateHashes(attributes: readonly Attribute[]): CertificateHash[] {
  const old = firstIdentifier(attributes, SIGNING_CERTIFICATE);
  const current = firstIdentifier(attributes, SIGNING_CERTIFICATE_V2);
  return [...(old ? [hashOf(old, 'sha1')] : []), ...(current ? [hashOf(current, algorithmOf(current))] : [])];
}

/** SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID, ... }: the first one is the signer's. */
function firstIdentifier(attributes: readonly Attribute[], type: string): readonly Value[] | undefined {
  return attributeValue(attributes, type)?.valueBlock.value?.[0]?.valueBlock.value?.[0]?.valueBlock.value;
}

/** ESSCertIDv2 begins with an algorithm unless it is SHA-256. */
function algorithmOf([first]: readonly Value[]): string | undefined {
  if (first?.idBlock.tagNumber !== SEQUENCE) {
    return 'sha256';
  }
  const oid: unknown = first.valueBlock.value?.[0]?.getValue?.();
  return typeof oid === 'string' ? HASHES.get(oid) : undefined;
}

function hashOf(identifier: readonly Value[], algorithm: string | undefined): CertificateHash {
  const digest = identifier.slice(0, 2).find(({ idBlock }) => idBlock.tagNumber === OCTET_STRING);
  return {
    matches: (der) =>
      algorithm !== undefined &&
      digest !== undefined &&
      createHash(algorithm).update(der).digest().equals(digest.valueBlock.valueHexView),
  };
}
