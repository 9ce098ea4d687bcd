import { sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { derChildren, derSignature, readDer, TAG, withLowS } from '@tracecal/core/signing';
import type { DerValue } from '@tracecal/core/signing';

/** The fields of a certificate, each in DER with its tag and length. */
export interface CertificateFields {
  readonly version: Buffer;
  readonly serial: Buffer;
  readonly algorithm: Buffer;
  readonly issuer: Buffer;
  readonly validity: Buffer;
  readonly subject: Buffer;
  readonly publicKey: Buffer;
  /** What stands between the key and the extensions. */
  readonly uniqueIds: Buffer;
  readonly extensions: readonly Buffer[];
  readonly afterExtensions: Buffer;
  readonly outerAlgorithm: Buffer;
  /** What precedes the signature in its bit string: how many bits of its last byte are unused. */
  readonly unusedBits: number;
  readonly afterSignature: Buffer;
  readonly hash: 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
}

/** One DER value: tag, length, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

/** A certificate (DER in base64) with some of its fields changed, and signed anew by whoever issued it. */
export function remadeCertificate(
  certificate: string,
  issuerKey: KeyObject,
  change: (fields: CertificateFields) => Partial<CertificateFields>,
): string {
  const original = fieldsOf(Buffer.from(certificate, 'base64'));
  return assembled({ ...original, ...change(original) }, issuerKey).toString('base64');
}

export function fieldsOf(certificate: Buffer): CertificateFields {
  const [body, outerAlgorithm] = derChildren(readDer(certificate, TAG.sequence));
  const [version, serial, algorithm, issuer, validity, subject, publicKey, extensions] = derChildren(body!);
  return {
    version: bytesOf(version!),
    serial: bytesOf(serial!),
    algorithm: bytesOf(algorithm!),
    issuer: bytesOf(issuer!),
    validity: bytesOf(validity!),
    subject: bytesOf(subject!),
    publicKey: bytesOf(publicKey!),
    uniqueIds: Buffer.alloc(0),
    extensions: derChildren(readDer(extensions!.content, TAG.sequence)).map(bytesOf),
    afterExtensions: Buffer.alloc(0),
    outerAlgorithm: bytesOf(outerAlgorithm!),
    unusedBits: 0,
    afterSignature: Buffer.alloc(0),
    hash: 'sha256',
  };
}

function bytesOf({ raw }: DerValue): Buffer {
  return Buffer.from(raw);
}

function assembled(fields: CertificateFields, key: KeyObject): Buffer {
  const { version, serial, algorithm, issuer, validity, subject, publicKey, uniqueIds, extensions } = fields;
  const body = der(
    TAG.sequence,
    ...[version, serial, algorithm, issuer, validity, subject, publicKey, uniqueIds],
    der(TAG.extensions, der(TAG.sequence, ...extensions)),
    fields.afterExtensions,
  );
  const signature = derSignature(withLowS(sign(fields.hash, body, { key, dsaEncoding: 'ieee-p1363' })));
  const bits = der(TAG.bitString, Buffer.of(fields.unusedBits), signature);
  return der(TAG.sequence, body, fields.outerAlgorithm, bits, fields.afterSignature);
}

/** Whether node's own parser reads the certificate and finds it signed by that key. */
export function opensslAccepts(certificate: string, issuerKey: KeyObject): boolean {
  return new X509Certificate(Buffer.from(certificate, 'base64')).verify(issuerKey);
}
