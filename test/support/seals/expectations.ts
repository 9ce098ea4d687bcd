import assert from 'node:assert/strict';
import { verifySeal } from '@tracecal/gateway-client/dcc';
import type { Seal, SealStep, SealTrust } from '@tracecal/gateway-client/dcc';
import { rootAuthority } from './authority.js';
import type { Holder } from './authority.js';
import { revocationList, timestampToken } from './evidence.js';
import { revocationValues, signatureTimestamp, signedCertificate } from './signedCertificate.js';
import type { SignatureTraits } from './signedCertificate.js';

export const root = rootAuthority('Root');
export const middle = root.issueAuthority('Middle');
export const laboratory = middle.issue('Laboratory');
export const stampRoot = rootAuthority('Stamp Root');
export const stampAuthority = stampRoot.issue('Stamps', { extendedKeyUsage: '1.3.6.1.5.5.7.3.8' });

/** When the timestamps of the tests were made: within the interval of their CRLs. */
export const STAMPED = '2025-06-10T12:00:05Z';

export const trust: SealTrust = { anchors: [root.pem, stampRoot.pem] };

/** CRLs of everybody, with nobody on them. */
export const cleanLists = () => [revocationList(root), revocationList(middle), revocationList(stampRoot)];

/** A certificate with a seal that holds in every step (XAdES-LT), unless a test changes something. */
export function sealed(traits: Partial<SignatureTraits> = {}): Buffer {
  return signedCertificate({
    signer: laboratory,
    chain: [middle],
    unsigned: (value) =>
      signatureTimestamp(timestampToken(stampAuthority, value, STAMPED)) + revocationValues(cleanLists()),
    ...traits,
  });
}

/** A seal with a trusted timestamp and these CRLs. */
export function withLists(chain: readonly Holder[], signer: Holder, lists: readonly Buffer[], at = STAMPED): Buffer {
  return sealed({
    signer,
    chain,
    unsigned: (value) =>
      signatureTimestamp(timestampToken(stampAuthority, value, at)) +
      revocationValues([...lists, revocationList(stampRoot)]),
  });
}

export async function sealOf(file: Uint8Array, given: SealTrust = trust): Promise<Seal> {
  return (await verifySeal(file, given)).seal;
}

/** The seal fails at this step, for this reason, and hands nothing on to read. */
export async function failsAt(step: SealStep, file: Uint8Array, reason?: RegExp, given = trust): Promise<void> {
  const { seal, signedBytes } = await verifySeal(file, given);
  assert.deepEqual([seal.state, seal.failedStep], ['not-verified', step], seal.sentence);
  assert.equal(signedBytes, null);
  assert.match(seal.sentence, reason ?? /./);
}

/** Nothing is wrong, but this step is not proven. */
export async function isOpenAt(step: SealStep, file: Uint8Array, reason?: RegExp, given = trust): Promise<void> {
  const { seal } = await verifySeal(file, given);
  assert.deepEqual([seal.state, seal.failedStep], ['indeterminate', step], seal.sentence);
  assert.match(seal.sentence, reason ?? /./);
}

export async function isVerified(file: Uint8Array, given = trust): Promise<Seal> {
  const { seal, signedBytes } = await verifySeal(file, given);
  assert.deepEqual([seal.state, seal.failedStep], ['verified', null], seal.sentence);
  assert.ok(signedBytes);
  return seal;
}
