import { DerError, TAG, type DerValue } from '@tracecal/core/signing/der';
import { DerCursor } from '../crypto/derCursor.js';
import type { HashName } from '../crypto/index.js';

/** How an issuer signs. */
export interface SignatureAlgorithm {
  readonly key: 'ec' | 'ed25519' | 'rsa';
  readonly hash: HashName | undefined;
  readonly isPss: boolean;
}

const ED25519 = '1.3.101.112';
const RSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

/** Those that Go verifies. The second with SHA-1 and RSA is ISO's. */
const ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  [ED25519, { key: 'ed25519', hash: undefined, isPss: false }],
  ['1.2.840.10045.4.1', { key: 'ec', hash: 'sha1', isPss: false }],
  ['1.2.840.10045.4.3.2', { key: 'ec', hash: 'sha256', isPss: false }],
  ['1.2.840.10045.4.3.3', { key: 'ec', hash: 'sha384', isPss: false }],
  ['1.2.840.10045.4.3.4', { key: 'ec', hash: 'sha512', isPss: false }],
  ['1.2.840.113549.1.1.5', { key: 'rsa', hash: 'sha1', isPss: false }],
  ['1.3.14.3.2.29', { key: 'rsa', hash: 'sha1', isPss: false }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', hash: 'sha256', isPss: false }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', hash: 'sha384', isPss: false }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', hash: 'sha512', isPss: false }],
]);

const PSS_HASHES: ReadonlyMap<string, { readonly hash: HashName; readonly salt: number }> = new Map([
  ['2.16.840.1.101.3.4.2.1', { hash: 'sha256', salt: 32 }],
  ['2.16.840.1.101.3.4.2.2', { hash: 'sha384', salt: 48 }],
  ['2.16.840.1.101.3.4.2.3', { hash: 'sha512', salt: 64 }],
]);

/**
 * The algorithm that the content of an AlgorithmIdentifier names; undefined for those that Go does not verify, among them Ed25519 with
 * parameters. @throws DerError if it names none
 */
export function signatureAlgorithm(content: Uint8Array): SignatureAlgorithm | undefined {
  const parts = new DerCursor(content);
  const id = parts.oid();
  if (id === ED25519 && !parts.atEnd) return undefined;
  return id === RSA_PSS ? pssAlgorithm(parts) : ALGORITHMS.get(id);
}

/** Of all that its parameters could say, Go takes one form for each hash. */
function pssAlgorithm(parts: DerCursor): SignatureAlgorithm | undefined {
  try {
    const parameters = parts.inside(TAG.sequence);
    const named = parameters.inside(TAG.version);
    const hash = simpleAlgorithm(named.inside(TAG.sequence));
    const mask = parameters.inside(MASK).inside(TAG.sequence);
    const isMgf1 = mask.oid() === MGF1;
    const maskHash = simpleAlgorithm(mask.inside(TAG.sequence));
    const salt = parameters.inside(SALT).smallInteger();
    const trailer = parameters.optional(TAG.extensions);
    const known = PSS_HASHES.get(hash);
    const isOne = trailer === undefined || new DerCursor(trailer.content).smallInteger() === 1;
    return isMgf1 && maskHash === hash && known?.salt === salt && isOne
      ? { key: 'rsa', hash: known.hash, isPss: true }
      : undefined;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

const [MASK, SALT] = [0xa1, 0xa2];

/** The name of an algorithm whose parameters are absent or null. */
function simpleAlgorithm(parts: DerCursor): string {
  const id = parts.oid();
  const parameters: DerValue | undefined = parts.atEnd ? undefined : parts.any();
  if (parameters !== undefined && parameters.raw.join() !== '5,0') throw new DerError('an algorithm with parameters');
  return id;
}
