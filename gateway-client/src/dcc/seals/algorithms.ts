import type { HashName, Scheme } from './pki/algorithms.js';
import { wrong } from './seal.js';

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#';
const HASHES = ['sha256', 'sha384', 'sha512'] as const;

const DIGESTS: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  [`${MORE}sha384`, 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

const SIGNATURES: ReadonlyMap<string, Scheme> = new Map<string, Scheme>(
  HASHES.flatMap((hash): [string, Scheme][] => [
    [`${MORE}rsa-${hash}`, { kind: 'rsa', hash }],
    [`${MORE}ecdsa-${hash}`, { kind: 'ecdsa', hash }],
    [`${MORE_2007}${hash}-rsa-MGF1`, { kind: 'rsa-pss', hash }],
  ]),
);

/** @throws SealProblem for SHA-1 and everything else except SHA-256, SHA-384 and SHA-512 */
export function digestAlgorithm(uri: string): HashName {
  return DIGESTS.get(uri) ?? wrong('structure', `The digest algorithm "${uri}" is not accepted.`);
}

/** @throws SealProblem for everything except RSA and ECDSA with these digests; in particular for keyed hashes */
export function signatureAlgorithm(uri: string): Scheme {
  return SIGNATURES.get(uri) ?? wrong('structure', `The signature algorithm "${uri}" is not accepted.`);
}
