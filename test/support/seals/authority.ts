import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bits, boolean, explicit, integer, nothing, octets, oid, sequence, setOf, time, utf8 } from './der.js';

/** What a certificate of a test says; what is left out is sound. */
export interface CertificateTraits {
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  /** Bits from the first: digitalSignature, nonRepudiation, ..., keyCertSign (5), cRLSign (6). null leaves them out. */
  readonly keyUsage?: readonly number[] | null;
  readonly extendedKeyUsage?: string;
  readonly criticalExtension?: string;
  readonly hash?: 'sha1' | 'sha256' | 'sha384';
  readonly key?: KeyPair;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A certificate with its key: of an authority, a signer, a timestamp authority. */
export class Holder {
  readonly name: Buffer;
  readonly serial: number;
  readonly der: Buffer;
  readonly key: KeyPair;
  readonly issuer: Holder | undefined;

  constructor(commonName: string, issuer: Holder | undefined, serial: number, traits: CertificateTraits) {
    this.name = nameOf(commonName);
    this.serial = serial;
    this.issuer = issuer;
    this.key = traits.key ?? ecKey();
    const signer = issuer?.key ?? this.key;
    const algorithm = algorithmOf(signer, traits.hash ?? 'sha256');
    const content = sequence(
      explicit(0, integer(2)),
      integer(serial),
      algorithm,
      issuer?.name ?? this.name,
      sequence(
        time(new Date(traits.notBefore ?? '2024-01-01T00:00:00Z')),
        time(new Date(traits.notAfter ?? '2034-01-01T00:00:00Z')),
      ),
      this.name,
      this.key.publicKey.export({ type: 'spki', format: 'der' }),
      explicit(3, sequence(...extensionsOf(traits))),
    );
    this.der = sequence(content, algorithm, bits(sign(traits.hash ?? 'sha256', content, signer.privateKey)));
  }

  get pem(): string {
    return `-----BEGIN CERTIFICATE-----\n${this.der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  }

  get sha256(): string {
    return createHash('sha256').update(this.der).digest('hex');
  }

  /** A certificate by this holder. */
  issue(commonName: string, traits: CertificateTraits = {}): Holder {
    nextSerial += 1;
    return new Holder(commonName, this, nextSerial, traits);
  }

  issueAuthority(commonName: string, traits: CertificateTraits = {}): Holder {
    return this.issue(commonName, { isAuthority: true, keyUsage: [5, 6], ...traits });
  }

  sign(data: Uint8Array): Buffer {
    return sign('sha256', data, this.key.privateKey);
  }

  /** The bits of the public key alone, as OCSP hashes them. */
  get publicKeyBits(): Buffer {
    const spki = this.key.publicKey.export({ type: 'spki', format: 'der' });
    // The bit string of a P-256 key ends the structure: 0x04 and two numbers of 32 bytes.
    return spki.subarray(spki.length - 65);
  }
}

let nextSerial = 128;

/** A root: certified by itself. */
export function rootAuthority(commonName: string, traits: CertificateTraits = {}): Holder {
  return new Holder(commonName, undefined, 1, { isAuthority: true, keyUsage: [5, 6], ...traits });
}

export function ecKey(namedCurve = 'prime256v1'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

export function rsaKey(modulusLength = 2048): KeyPair {
  return generateKeyPairSync('rsa', { modulusLength });
}

const SIGNATURES: Readonly<Record<string, string>> = {
  'ec-sha1': '1.2.840.10045.4.1',
  'ec-sha256': '1.2.840.10045.4.3.2',
  'ec-sha384': '1.2.840.10045.4.3.3',
  'rsa-sha256': '1.2.840.113549.1.1.11',
};

export function algorithmOf({ privateKey }: KeyPair, hash = 'sha256'): Buffer {
  const type = privateKey.asymmetricKeyType ?? '';
  const identifier = oid(SIGNATURES[`${type}-${hash}`] ?? '');
  return type === 'rsa' ? sequence(identifier, nothing()) : sequence(identifier);
}

function nameOf(commonName: string): Buffer {
  return sequence(setOf(sequence(oid('2.5.4.3'), utf8(commonName))));
}

function extensionsOf(traits: CertificateTraits): Buffer[] {
  const { isAuthority = false, pathLength, keyUsage = [0], extendedKeyUsage, criticalExtension } = traits;
  return [
    ...(isAuthority
      ? [extension('2.5.29.19', sequence(boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)])))]
      : []),
    ...(keyUsage === null ? [] : [extension('2.5.29.15', usageBits(keyUsage))]),
    ...(extendedKeyUsage === undefined ? [] : [extension('2.5.29.37', sequence(oid(extendedKeyUsage)))]),
    ...(criticalExtension === undefined ? [] : [extension(criticalExtension, nothing())]),
  ];
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), boolean(true), octets(value));
}

function usageBits(usages: readonly number[]): Buffer {
  const byte = usages.reduce((all, bit) => all | (0x80 >> bit), 0);
  return bits(Buffer.from([byte]), Math.max(0, 7 - Math.max(0, ...usages)));
}
