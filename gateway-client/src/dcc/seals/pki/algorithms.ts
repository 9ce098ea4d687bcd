import { constants, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AlgorithmIdentifier } from 'pkijs';
import type { Pki } from './load.js';

export type HashName = 'sha256' | 'sha384' | 'sha512';

/** The scheme of a signature. SHA-1 and everything older is missing everywhere here: such signatures are not accepted. */
export interface Scheme {
  readonly kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'eddsa';
  readonly hash: HashName | null;
  readonly saltLength?: number;
}

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const RSA_PSS = '1.2.840.113549.1.1.10';

const SCHEMES: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ['1.2.840.113549.1.1.11', { kind: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { kind: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { kind: 'rsa', hash: 'sha512' }],
  ['1.2.840.10045.4.3.2', { kind: 'ecdsa', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { kind: 'ecdsa', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { kind: 'ecdsa', hash: 'sha512' }],
  ['1.3.101.112', { kind: 'eddsa', hash: null }],
]);

const HASHES: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

export function hashOfOid(oid: string): HashName | undefined {
  return HASHES.get(oid);
}

/** The scheme of a DER structure; `digest` is what CMS states beside it. Undefined if it is not accepted. */
export function schemeOf(pki: Pki, algorithm: AlgorithmIdentifier, digest?: HashName): Scheme | undefined {
  switch (algorithm.algorithmId) {
    case RSA_ENCRYPTION:
      return digest && { kind: 'rsa', hash: digest };
    case EC_PUBLIC_KEY:
      return digest && { kind: 'ecdsa', hash: digest };
    case RSA_PSS:
      return pssScheme(pki, algorithm);
    default:
      return SCHEMES.get(algorithm.algorithmId);
  }
}

function pssScheme({ pkijs }: Pki, algorithm: AlgorithmIdentifier): Scheme | undefined {
  const { hashAlgorithm, saltLength } = new pkijs.RSASSAPSSParams({ schema: algorithm.algorithmParams });
  const hash = HASHES.get(hashAlgorithm.algorithmId);
  return hash && { kind: 'rsa-pss', hash, saltLength };
}

/** The properties of a key that a scheme must match. */
export function fits(scheme: Scheme, key: KeyObject): boolean {
  const type = key.asymmetricKeyType;
  switch (scheme.kind) {
    case 'rsa':
      return type === 'rsa';
    case 'rsa-pss':
      return type === 'rsa' || type === 'rsa-pss';
    case 'ecdsa':
      return type === 'ec';
    case 'eddsa':
      return type === 'ed25519';
  }
}

const MIN_RSA_BITS = 2048;
const WEAK_CURVES: ReadonlySet<string> = new Set(['prime192v1', 'secp192k1', 'secp224r1', 'secp224k1']);

/** Whether a key is long enough for a decision to depend on it. */
export function isStrong(key: KeyObject): boolean {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) {
    return modulusLength >= MIN_RSA_BITS;
  }
  return namedCurve === undefined || !WEAK_CURVES.has(namedCurve);
}

/** True only for a signature by this key, in this scheme, over exactly these bytes. */
export function isSignedBy(
  scheme: Scheme,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
  ecdsaEncoding: 'der' | 'ieee-p1363' = 'der',
): boolean {
  if (!fits(scheme, key)) {
    return false;
  }
  try {
    return verify(scheme.hash, data, { key, ...paddingOf(scheme), dsaEncoding: ecdsaEncoding }, signature);
  } catch {
    return false;
  }
}

function paddingOf({ kind, saltLength }: Scheme) {
  switch (kind) {
    case 'rsa':
      return { padding: constants.RSA_PKCS1_PADDING };
    case 'rsa-pss':
      return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltLength ?? constants.RSA_PSS_SALTLEN_DIGEST };
    case 'ecdsa':
    case 'eddsa':
      return {};
  }
}
